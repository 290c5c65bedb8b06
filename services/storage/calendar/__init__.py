"""Calendar: tasks with deadlines, and reminders planned in the transactions that cause them."""

from services.storage.calendar import (
    adding,
    changing,
    digest,
    doing,
    erasing,
    feeds,
    owners,
    reminding,
    settings,
    snoozing,
    trash,
)
from services.storage.calendar.registration import router

__all__ = [
    "adding",
    "changing",
    "digest",
    "doing",
    "erasing",
    "feeds",
    "owners",
    "reminding",
    "router",
    "settings",
    "snoozing",
    "trash",
]
