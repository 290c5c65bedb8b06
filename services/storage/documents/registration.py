"""Where the handlers of documents are registered."""

from bus import Router

APP = "documents"

router = Router()
