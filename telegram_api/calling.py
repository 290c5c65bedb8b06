"""What is said of calls by those who make them: how urgent they are, how long they may wait."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from contracts.notices import Urgency

PATIENCE_SECONDS = 60.0
"""No attempt of a call starts later than this after the first, unless its caller says otherwise."""

_patience: ContextVar[float | None] = ContextVar("patience", default=None)
_urgency: ContextVar[Urgency] = ContextVar("urgency", default="answer")


@contextmanager
def patience(seconds: float) -> Iterator[None]:
    """Let each call within wait at most so long for its turn and for another attempt.

    Then it raises `TelegramAway`, or `Held` where Telegram answers but our limits, or its own word,
    ask to wait longer. An attempt under way is not cut short: its fate would be unknown.
    """
    token = _patience.set(seconds)
    try:
        yield
    finally:
        _patience.reset(token)


@contextmanager
def urgent_as(urgency: Urgency) -> Iterator[None]:
    """Give the calls within their place among others; without it they are answers."""
    token = _urgency.set(urgency)
    try:
        yield
    finally:
        _urgency.reset(token)


def patience_or(default: float) -> float:
    """Return how many seconds the present call may wait."""
    said = _patience.get()
    return default if said is None else said


def present_urgency() -> Urgency:
    """Return how urgent the present call is."""
    return _urgency.get()
