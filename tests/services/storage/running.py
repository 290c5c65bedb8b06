"""Storage's runner for random stories: handlers, fates, and what came of them."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import Enum, auto
from typing import Literal

import msgspec
from nats.js.api import PubAck
from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import async_sessionmaker

from bus import Envelope, Events, NotPublished
from bus.delivery import CallNext, Delivery, Middleware, chain
from bus.middleware.publishing import id_of_produced, publishing
from bus.publisher import Publisher
from bus.resolver import Resolver
from contracts.documents import AddType, TypeAdded, TypeRefused
from contracts.files import DiscardUpload
from contracts.people import SettingsChanged
from database import Session
from database.handled import Handled
from database.scheduled import Scheduled
from services.storage.exactly_once import exactly_once
from services.storage.schedule import Schedule
from tests.services.storage.delivering import Function, delivered

DUE = datetime(2031, 1, 1, tzinfo=UTC)


class Fate(Enum):
    """What becomes of one delivery."""

    WELL = auto()
    HANDLER_RAISES = auto()
    CRASH_BEFORE_COMMIT = auto()
    CRASH_AFTER_COMMIT = auto()
    FIRST_NOT_PUBLISHED = auto()
    SECOND_NOT_PUBLISHED = auto()
    CRASH_BEFORE_ACK = auto()


class Crash(Exception):
    """The process is gone at this point."""


async def effect(handler: str, fate: Fate, cause: Envelope, db: Session) -> None:
    """Leave a row more each time it happens."""
    prefix = f"{cause.message_id}:{handler}"
    count = await db.scalar(select(func.count()).where(Scheduled.key.startswith(prefix)))
    await Schedule(db, None)(f"{prefix}:{count}", DUE, DiscardUpload(upload_id="u"))
    if fate is Fate.HANDLER_RAISES:
        raise ValueError("a bug, after its rows were written")


async def add_type(
    command: AddType, fate: Fate, cause: Envelope, db: Session, events: Events
) -> TypeAdded | TypeRefused:
    if command.name == "refused":
        return TypeRefused(person_id=1001, reason="name_taken", name=command.name)
    await effect("command", fate, cause, db)
    events.add(SettingsChanged(person_id=1001, language="ru", time_zone=command.name))
    return TypeAdded(person_id=1001, type_id=1, name=command.name, emoji="")


async def note_on_type_added(
    event: TypeAdded, fate: Fate, cause: Envelope, db: Session
) -> SettingsChanged:
    await effect("note", fate, cause, db)
    return SettingsChanged(person_id=1001, language="ru", time_zone="noted")


async def count_on_type_added(
    event: TypeAdded, fate: Fate, cause: Envelope, db: Session
) -> SettingsChanged:
    await effect("count", fate, cause, db)
    return SettingsChanged(person_id=1001, language="ru", time_zone="counted")


EVENT = TypeAdded(person_id=1001, type_id=1, name="x", emoji="")
Kind = Literal["command", "refused", "note", "count"]
HANDLED: Mapping[Kind, tuple[Function, AddType | TypeAdded]] = {
    "command": (add_type, AddType(name="added")),
    "refused": (add_type, AddType(name="refused")),
    "note": (note_on_type_added, EVENT),
    "count": (count_on_type_added, EVENT),
}
SAID: Mapping[Kind, int] = {"command": 2, "refused": 1, "note": 1, "count": 1}
"""How many messages each says."""
Work = tuple[str, Kind]
"""A message by its id, in the hand of one handler."""


@dataclass(frozen=True, slots=True)
class Telling(Publisher):
    """Publishes, fails as a fate wants, and notes what was published under which id."""

    fate: Fate = Fate.WELL
    said: defaultdict[str, set[bytes]] = field(default_factory=lambda: defaultdict(set))
    tried: list[str] = field(default_factory=list)

    async def publish(
        self,
        subject: str,
        payload: bytes,
        headers: Mapping[str, str],
        *,
        deduplicate: str = "",
        deadline: float | None = None,
    ) -> PubAck:
        """Publish unless this is the one that fails."""
        self.tried.append(deduplicate)
        fails = {Fate.FIRST_NOT_PUBLISHED: 1, Fate.SECOND_NOT_PUBLISHED: 2}.get(self.fate)
        if len(self.tried) == fails:
            raise NotPublished(subject)
        acknowledged = await Publisher.publish(
            self, subject, payload, headers, deduplicate=deduplicate, deadline=deadline
        )
        said = msgspec.json.encode(msgspec.json.decode(payload), order="sorted")
        self.said[deduplicate].add(subject.encode() + said)
        return acknowledged


def dies(now: bool) -> Middleware:
    """End the process once the inner part is through, if it is to die here."""

    async def die(delivery: Delivery, call_next: CallNext) -> None:
        await call_next(delivery)
        if now:
            raise Crash

    return die


@dataclass(slots=True)
class Runner:
    """Storage's runner, in as many copies as wanted."""

    sessions: async_sessionmaker[Session]
    publisher: Publisher
    said: defaultdict[str, set[bytes]] = field(default_factory=lambda: defaultdict(set))
    """By id, what was published; more than one is a contradiction."""

    async def deliver(self, work: Work, fate: Fate) -> bool:
        """Have a copy take a message; returns whether it was acknowledged."""
        message_id, kind = work
        function, message = HANDLED[kind]
        publisher = Telling(self.publisher.link, self.publisher.tracer, fate=fate, said=self.said)
        call = chain(
            [
                dies(fate is Fate.CRASH_BEFORE_ACK),
                publishing(publisher),
                dies(fate is Fate.CRASH_AFTER_COMMIT),
                exactly_once(self.sessions),
                dies(fate is Fate.CRASH_BEFORE_COMMIT),
            ],
            Resolver({Fate: fate}, scoped=(Session, Schedule)).caller(),
        )
        try:
            await call(delivered(function, message, message_id))
        except (Crash, NotPublished, ValueError):
            return False
        return True

    async def effects(self, work: Work) -> int:
        """Return how often a message had its effect."""
        message_id, kind = work
        async with self.sessions() as db:
            counted = select(func.count()).where(Scheduled.key.startswith(f"{message_id}:{kind}:"))
            return await db.scalar(counted) or 0

    async def is_remembered(self, work: Work) -> bool:
        """Whether the handling of a message was committed."""
        message_id, kind = work
        name = HANDLED[kind][0].__name__
        async with self.sessions() as db:
            found = select(Handled.handler).where(Handled.message_id == message_id)
            return any(handler.endswith(name) for handler in await db.scalars(found))

    def ids_of(self, work: Work) -> list[str]:
        """Return the ids of what was published of a message."""
        message_id, kind = work
        mine = identities(delivered(*HANDLED[kind], message_id), SAID[kind])
        return [said for said in self.said if said in mine]


def identities(delivery: Delivery, count: int) -> set[str]:
    """Return the ids that a handler's messages have to have."""
    return {id_of_produced(delivery, place) for place in range(count)}
