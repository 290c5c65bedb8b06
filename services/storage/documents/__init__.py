"""Documents: what people keep under types and names of their own."""

from services.storage.documents import (
    adding,
    changing,
    changing_types,
    files,
    links,
    moving,
    notes,
    trash,
    types,
    versions,
)
from services.storage.documents.registration import router

__all__ = [
    "adding",
    "changing",
    "changing_types",
    "files",
    "links",
    "moving",
    "notes",
    "router",
    "trash",
    "types",
    "versions",
]
