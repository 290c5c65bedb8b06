"""How often Telegram lets a bot write, and what a call takes of that."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from contracts.notices import Urgency


@dataclass(frozen=True, slots=True)
class Rate:
    """One call each `interval` seconds, and after a silence `burst` at once.

    `rooms` is how much of the burst an urgency may use; what it leaves is there for those above it.
    """

    interval: float
    burst: int
    rooms: dict[Urgency, int]


PER_SECOND = 30
"""Messages of a bot: "Not more than 30 messages per second"."""
WINDOW = 1.01
"""Seconds: what is on its way is sometimes a little faster than what went before it."""
BOT = Rate(WINDOW / PER_SECOND, 30, {"answer": 30, "reminder": 10, "bulk": 6})
ALONE = Rate(1 / 24, 6, {"answer": 6, "reminder": 4, "bulk": 2})
"""A bot's without the log: with this burst never more than 30 in any second."""
# "Not more than 20 messages per minute": with this burst never more in any minute.
GROUP = Rate(4.0, 5, {"answer": 5, "reminder": 3, "bulk": 1})


def chat_rate(burst: int) -> Rate:
    """Return the rate of a private chat.

    "Avoid sending more than one message per second. We may allow short bursts that go over this
    limit." Telegram gives no number for the burst: a person who turns pages needs one for answers.
    """
    return Rate(1.0, burst, {"answer": burst, "reminder": min(3, burst), "bulk": 1})


@dataclass(frozen=True, slots=True)
class Bucket:
    """One bucket of a call: the bot's, or the chat's."""

    key: str
    rate: Rate


@dataclass(frozen=True, slots=True)
class Turn:
    """What a call takes from each of its buckets; a `cost` above its room takes all of that.

    The first bucket is the bot's. `name` is the turn's own, also where it is asked for again;
    `reserve_within` is for how many seconds ahead it may be reserved.
    """

    buckets: Sequence[Bucket]
    cost: int
    urgency: Urgency
    name: str = field(default_factory=lambda: secrets.token_hex(6))
    reserve_within: float = 0.0


class Wait(NamedTuple):
    """What a turn has to wait: no seconds where it was taken."""

    seconds: float
    of_chat: bool = False
    """Whether it is the chat that has to wait: the bot may write to others."""
    asked_at: float = 0.0
    """When it was asked for, in seconds of the monotonic clock."""


TAKEN = Wait(0.0)
