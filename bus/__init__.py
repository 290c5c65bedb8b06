"""The bus: the only package that knows NATS."""

from bus.asked import Asked, Events
from bus.envelope import Actor, Envelope
from bus.errors import (
    BusError,
    CommandFailed,
    NotInTime,
    NotPublished,
    NotYet,
    Overloaded,
    QueryFailed,
    QueryUnavailable,
)
from bus.router import Router

__all__ = [
    "Actor",
    "Asked",
    "BusError",
    "CommandFailed",
    "Envelope",
    "Events",
    "NotInTime",
    "NotPublished",
    "NotYet",
    "Overloaded",
    "QueryFailed",
    "QueryUnavailable",
    "Router",
]
