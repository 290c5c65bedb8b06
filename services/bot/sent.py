"""What an update's handling has sent so far: a repeated handling does not send it again.

Telegram has no idempotency key, so a message that it accepted is written down right after, by the
place it has in the handling: the first thing sent, the second, and so on. Edits may be repeated as
they are.
"""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import msgspec
from redis.asyncio import Redis

from contracts.screens import Media, Screen

KEPT = 24 * 60 * 60
"""Seconds; an update is in hand for less, unless everything is away."""
HANDED_KEPT = 60 * 60
"""Seconds for which answers follow one that the notifier was given and has not reported."""


class Record(msgspec.Struct, frozen=True, array_like=True):
    """What stands at one place: a message that Telegram accepted, or a notice on its way."""

    digest: str
    message_id: int = 0
    """0 where it is not known: of an album, or while a notice waits."""
    handed_over: bool = False


@dataclass(slots=True)
class Sent:
    """The records of one update, in Redis and here: a retry may come while Redis is away."""

    redis: Redis
    cause: str
    records: dict[str, Record] = field(default_factory=dict)
    _unsaved: set[str] = field(default_factory=set)

    def learn(self, stored: Mapping[bytes, bytes]) -> None:
        """Take over what Redis knows of an earlier handling."""
        for place, record in stored.items():
            self.records.setdefault(place.decode(), msgspec.json.decode(record, type=Record))

    def know(self, place: str, record: Record) -> None:
        """Remember here alone what stands at a place: to show it again would change nothing."""
        self.records[place] = record

    async def add(self, place: str, record: Record, handed_in: str = "") -> None:
        """Write down what stands at a place.

        `handed_in` is the key of the chat whose answers wait behind what is handed over here.
        """
        self.records[place] = record
        self._unsaved.add(place)
        async with self.redis.pipeline(transaction=True) as transaction:
            for name in self._unsaved:
                stored = msgspec.json.encode(self.records[name])
                transaction.hset(sent_key(self.cause), name, stored)
            transaction.expire(sent_key(self.cause), KEPT)
            if handed_in:
                transaction.set(handed_in, notice_key(self.cause, place, record), ex=HANDED_KEPT)
            await transaction.execute()
        self._unsaved.clear()


def sent_key(cause: str) -> str:
    """Return where the records of an update are kept."""
    return f"sent:{cause}"


def handed_key(app: str, chat_id: int) -> str:
    """Return where the key of the notice is kept that a chat was handed over last."""
    return f"sent:handed:{app}:{chat_id}"


def notice_key(cause: str, place: str, record: Record) -> str:
    """Return the key of the notice that stands at a place."""
    return f"{cause}-{place}-{record.digest[:8]}"


def digest_of(shown: Screen | Sequence[Media], message_id: int = 0) -> str:
    """Return what tells apart two things that are sent, or put in the place of a message."""
    content = msgspec.json.encode((message_id, shown))
    return hashlib.blake2s(content, digest_size=16).hexdigest()
