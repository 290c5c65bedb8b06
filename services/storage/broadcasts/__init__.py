"""Broadcasts: mailings, whom they go to, and what became of them."""

from services.storage.broadcasts import (
    composing,
    continuing,
    ending,
    erasing,
    holding,
    lists,
    readers,
    revising,
    senders,
    starting,
    uploads,
)
from services.storage.broadcasts.registration import router

__all__ = [
    "composing",
    "continuing",
    "ending",
    "erasing",
    "holding",
    "lists",
    "readers",
    "revising",
    "router",
    "senders",
    "starting",
    "uploads",
]
