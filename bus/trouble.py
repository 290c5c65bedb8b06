"""What a failed attempt at a message means, as those who know the dependencies tell it."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum


class Kind(Enum):
    """Whom a failure concerns."""

    BUG = "bug"
    """The message or our code: trying again hardly helps."""
    AWAY = "away"
    """A dependency is not there: nothing that needs it can be done, and it is useless to try."""
    HELD_UP = "held up"
    """This message alone has to wait, such as for a chat that Telegram asks to spare."""


@dataclass(frozen=True, slots=True)
class Trouble:
    """What a failure means; `seconds` after which another attempt makes sense, where known."""

    kind: Kind
    seconds: float | None = None


BUG = Trouble(Kind.BUG)
AWAY = Trouble(Kind.AWAY)

Judge = Callable[[BaseException], Trouble]
"""Tells what a failure means."""


def held_up(seconds: float | None = None) -> Trouble:
    """One message has to wait, for `seconds` if that is known."""
    return Trouble(Kind.HELD_UP, seconds)
