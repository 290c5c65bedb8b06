"""What the acting person keeps, in pages."""

from services.query.documents import listing, looking, searching, trash, types, versions
from services.query.documents.registration import router

__all__ = [
    "listing",
    "looking",
    "router",
    "searching",
    "trash",
    "types",
    "versions",
]
