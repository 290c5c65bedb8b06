"""What the acting person keeps, in pages."""

from services.query.documents import archiving, listing, looking, searching, trash, types, versions
from services.query.documents.registration import router

__all__ = ["archiving", "listing", "looking", "router", "searching", "trash", "types", "versions"]
