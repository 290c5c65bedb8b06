"""What the bot service keeps in Redis: dialogs, marks of what is done, people for a while."""

from dataclasses import dataclass

import msgspec
from redis.asyncio import Redis

from contracts.people import Person
from services.bot.dialog import Dialog
from services.told import Told, told_key

DAY = 24 * 60 * 60
KEPT = 7 * DAY
"""Seconds; Telegram repeats an update for a day, the bus until it is handled."""
PERSON_KEPT = 10 * 60
SEEN_KEPT = 60 * 60


@dataclass(frozen=True, slots=True)
class Remembered:
    """What was known before an update is handled."""

    done: bool
    dialog: Dialog
    person: Person | None
    seen: bool
    """Whether `people` was told of this person a short while ago."""


@dataclass(frozen=True, slots=True)
class Memory:
    """Reads once before an update is handled, writes once after."""

    redis: Redis

    async def read(self, app: str, chat_id: int, person_id: int, cause: str) -> Remembered:
        """Read all that the handling of an update needs; `cause` is its message's id."""
        done, dialog, person, seen = await self.redis.mget(
            _done(cause), _dialog(app, chat_id), _person(person_id), _seen(app, person_id)
        )
        return Remembered(
            done=done is not None,
            dialog=Dialog(_bytes(dialog)),
            person=_read_person(_bytes(person)),
            seen=seen is not None,
        )

    async def write(
        self, app: str, chat_id: int, cause: str, dialog: Dialog, told: list[str]
    ) -> None:
        """Write dialog, told marks and the done mark in one transaction."""
        async with self.redis.pipeline(transaction=True) as transaction:
            if dialog.changed and dialog.stored is None:
                transaction.delete(_dialog(app, chat_id))
            elif dialog.changed and dialog.stored is not None:
                transaction.set(_dialog(app, chat_id), dialog.stored, ex=KEPT)
            for command_id in told:
                transaction.set(told_key(command_id), 1, ex=KEPT)
            transaction.set(_done(cause), 1, ex=KEPT)
            await transaction.execute()

    async def keep_person(self, person: Person) -> None:
        """Keep what `query` said of a person for a while."""
        await self.redis.set(_person(person.person_id), msgspec.json.encode(person), ex=PERSON_KEPT)

    async def forget_person(self, person_id: int) -> None:
        """Ask anew who the person is at the next update."""
        await self.redis.delete(_person(person_id))

    async def mark_seen(self, app: str, person_id: int) -> None:
        """Do not tell `people` of this person again for a while."""
        await self.redis.set(_seen(app, person_id), 1, ex=SEEN_KEPT)

    async def erase(self, person_id: int, apps: tuple[str, ...]) -> None:
        """Forget a person: a private chat has the id of its person."""
        keys = [_person(person_id)]
        for app in apps:
            keys += [_dialog(app, person_id), _seen(app, person_id)]
        await self.redis.delete(*keys)

    async def was_told(self, command_id: str) -> bool:
        """Whether the outcome of a command was shown in the chat already."""
        return await Told(self.redis).already(command_id)


def _done(cause: str) -> str:
    return f"done:{cause}"


def _dialog(app: str, chat_id: int) -> str:
    return f"dialog:{app}:{chat_id}"


def _person(person_id: int) -> str:
    return f"person:{person_id}"


def _seen(app: str, person_id: int) -> str:
    return f"seen:{app}:{person_id}"


def _read_person(stored: bytes | None) -> Person | None:
    if stored is None:
        return None
    try:
        return msgspec.json.decode(stored, type=Person)
    except msgspec.MsgspecError:
        return None  # written by another version; it is asked anew


def _bytes(stored: bytes | str | None) -> bytes | None:
    """Narrow what the client's types allow; it is asked for bytes only."""
    return stored.encode() if isinstance(stored, str) else stored
