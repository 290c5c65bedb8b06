"""Where the handlers of files are registered."""

from bus import Router

router = Router()
