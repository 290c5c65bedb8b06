"""Where the handlers of broadcasts are registered."""

from bus import Router

router = Router()
