"""Files: what became of uploads, and the links that open them."""

from services.storage.files import links, uploads
from services.storage.files.registration import router

__all__ = ["links", "router", "uploads"]
