"""Where the handlers of the calendar are registered."""

from bus import Router

router = Router()
