"""Documents: what people keep under types and names of their own."""

from services.storage.documents import adding, changing, files, links, notes, types, versions
from services.storage.documents.registration import router

__all__ = ["adding", "changing", "files", "links", "notes", "router", "types", "versions"]
