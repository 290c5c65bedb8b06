"""What the acting person keeps, in pages."""

from services.query.documents import listing, looking, versions
from services.query.documents.registration import router

__all__ = ["listing", "looking", "router", "versions"]
