"""Copies of storage whose messages wait for each other, and meet different fates."""

import asyncio
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import func, select, text

from bus import Events
from bus.delivery import CallNext, Delivery, Produced, chain
from bus.middleware.concurrency import Slots, at_most
from bus.resolver import Resolver
from contracts.documents import AddType, TypeAdded, TypeRefused
from contracts.files import DiscardUpload
from contracts.people import SettingsChanged
from database import Session
from database.handled import Handled
from database.scheduled import Scheduled
from services.storage.collecting import AT_WORK
from services.storage.exactly_once import exactly_once
from services.storage.groups import Groups
from services.storage.schedule import Schedule
from tests.services.acting import Databases
from tests.services.storage.delivering import delivered, new_message_id

DUE = datetime(2031, 1, 1, tzinfo=UTC)


@dataclass(slots=True)
class Work:
    """What handlers are told beforehand, and what they note."""

    begin: asyncio.Event = field(default_factory=asyncio.Event)
    """Until it is set, those that came first are at work, and others collect."""
    transactions: dict[str, list[int]] = field(default_factory=dict)
    """By message, the transactions in which its handler worked."""
    reached: asyncio.Event = field(default_factory=asyncio.Event)
    """Set by a handler that takes its time."""
    counted: list[Produced] = field(default_factory=list)


async def add_type(
    command: AddType, work: Work, db: Session, schedule: Schedule, events: Events
) -> TypeAdded | TypeRefused:
    """Leave a row for each effect; the name says what becomes of it."""
    fate, _, name = command.name.partition(" ")
    if fate == "first":
        await work.begin.wait()
    number = (await db.execute(text("SELECT txid_current()"))).scalar_one()
    trials = work.transactions.setdefault(name, [])
    trials.append(number)
    count = await db.scalar(select(func.count()).where(Scheduled.key.startswith(name)))
    await schedule(f"{name}-{count}", DUE, DiscardUpload(upload_id="u"))
    in_a_group = len(trials) == 1
    if fate == "raises":
        raise ValueError("a bug, after its rows were written")
    if fate == "hangs" and in_a_group:
        work.reached.set()
        await asyncio.sleep(3600)
    if fate.startswith("locks"):
        for key in fate.removeprefix("locks").split("+"):
            await db.execute(select(func.pg_advisory_xact_lock(int(key))))
    if fate == "loses" and in_a_group:
        await db.execute(text("SELECT pg_terminate_backend(pg_backend_pid())"))
    if fate == "refused":
        return TypeRefused(person_id=1001, reason="name_taken", name=name)
    events.add(SettingsChanged(person_id=1001, language="ru", time_zone=name))
    return TypeAdded(person_id=1001, type_id=1, name=name, emoji="")


@dataclass(slots=True)
class Copy:
    """A copy of storage, and how it handles a message."""

    call: CallNext
    databases: Databases
    work: Work
    tasks: dict[str, "asyncio.Task[Delivery]"] = field(default_factory=dict)

    async def collect(self, *fates: str) -> list[str]:
        """Have messages of these fates wait behind others; return their names."""
        for _ in range(AT_WORK):
            self.handle("first", new_message_id()[:30])
        await asyncio.sleep(0)
        names = [new_message_id()[:30] for _ in fates]
        for fate, name in zip(fates, names, strict=True):
            self.handle(fate, name)
        await asyncio.sleep(0)
        return names

    def handle(self, fate: str, name: str) -> "asyncio.Task[Delivery]":
        async def handle() -> Delivery:
            delivery = delivered(add_type, AddType(name=f"{fate} {name}"), name)
            await self.call(delivery)
            return delivery

        self.tasks[name] = asyncio.create_task(handle())
        return self.tasks[name]

    async def ended(self) -> dict[str, Any]:
        """Let those at work go on; return what came of each, by name."""
        self.work.begin.set()
        async with asyncio.timeout(60):
            came = await asyncio.gather(*self.tasks.values(), return_exceptions=True)
        return dict(zip(self.tasks, came, strict=True))

    async def effects(self, *names: str) -> list[int]:
        """Return how often each message took effect; each is remembered as often."""
        found = []
        async with self.databases.storage() as db:
            for name in names:
                rows = select(func.count()).where(Scheduled.key.startswith(name))
                found.append(await db.scalar(rows) or 0)
                known = select(func.count()).where(Handled.message_id == name)
                assert await db.scalar(known) == min(found[-1], 1)
        return found


def copy_of(databases: Databases) -> Copy:
    """Return another copy."""
    work, slots = Work(), Slots(8)
    resolver = Resolver({Work: work}, scoped=(Session, Schedule))
    groups = Groups(databases.storage, slots, resolver, work.counted.append)
    alone = exactly_once(databases.storage, work.counted.append)
    return Copy(chain([groups, at_most(slots), alone], resolver.caller()), databases, work)
