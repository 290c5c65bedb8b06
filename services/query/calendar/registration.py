"""Where the questions about tasks are registered."""

from bus import Router

router = Router()
