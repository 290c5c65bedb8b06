"""Documents: what people keep under types and names of their own."""

from services.storage.documents import (
    adding,
    changing,
    changing_types,
    expiring,
    files,
    links,
    moving,
    notes,
    owners,
    trash,
    types,
    versions,
)
from services.storage.documents.registration import router

__all__ = [
    "adding",
    "changing",
    "changing_types",
    "expiring",
    "files",
    "links",
    "moving",
    "notes",
    "owners",
    "router",
    "trash",
    "types",
    "versions",
]
