"""Where the handlers of broadcasts are registered."""

from bus import Router

APP = "broadcasts"

router = Router()
