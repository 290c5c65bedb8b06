"""Where the questions about documents are registered."""

from bus import Router

router = Router()
