"""Handled messages are remembered for longer than any stream keeps them, and then forgotten."""

import asyncio
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import func, select

from bus.topology import STREAMS
from database.forgotten import Forgotten
from database.handled import Handled
from services.life import Life
from services.storage import forgetting as forgettings
from services.storage.forgetting import REMEMBERED, Forgetting
from tests.bus.waiting import eventually
from tests.services.acting import Acting, Databases
from tests.services.storage.delivering import new_message_id

MINUTE = timedelta(minutes=1)


async def remember(databases: Databases, handler: str, ages: list[timedelta]) -> None:
    """Note messages that were handled so long ago."""
    now = datetime.now(UTC)
    async with databases.storage.begin() as db:
        db.add_all(
            Handled(handler=handler, message_id=new_message_id(), events=[], at=now - age)
            for age in ages
        )


async def remembered(databases: Databases, handler: str) -> int:
    """Return how many messages of a handler are remembered."""
    async with databases.storage() as db:
        return await db.scalar(select(func.count()).where(Handled.handler == handler)) or 0


def test_no_stream_keeps_a_message_as_long_as_it_is_remembered() -> None:
    for stream in STREAMS.values():
        assert timedelta(seconds=stream.max_age or 0) < REMEMBERED, stream.name


async def test_only_what_is_old_enough_is_forgotten(databases: Databases) -> None:
    handler = new_message_id()
    await remember(databases, handler, [REMEMBERED + MINUTE, REMEMBERED - MINUTE, timedelta()])
    assert await Forgetting(databases.storage).forget_old() == 1
    assert await remembered(databases, handler) == 2


async def test_that_somebody_was_forgotten_is_forgotten_as_late(
    somebody: Acting, somebody_else: Acting
) -> None:
    ages = {somebody.person: REMEMBERED + MINUTE, somebody_else.person: REMEMBERED - MINUTE}
    now = datetime.now(UTC)
    async with somebody.databases.storage.begin() as db:
        db.add_all(Forgotten(person_id=person, at=now - age) for person, age in ages.items())
    await Forgetting(somebody.databases.storage).forget_old()
    async with somebody.databases.storage() as db:
        left = await db.scalars(select(Forgotten.person_id).where(Forgotten.person_id.in_(ages)))
        assert list(left) == [somebody_else.person]


async def test_copies_forget_in_batches_side_by_side_until_nothing_old_is_left(
    databases: Databases, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(forgettings, "BATCH", 10)
    monkeypatch.setattr(forgettings, "BETWEEN_BATCHES", 0.0)
    handler = new_message_id()
    await remember(databases, handler, [REMEMBERED + MINUTE] * 45 + [MINUTE] * 3)
    life = Life.begin("storage")
    copies = [asyncio.create_task(Forgetting(databases.storage).run(life)) for _ in range(2)]

    async def only_young_ones_are_left() -> bool:
        return await remembered(databases, handler) == 3

    await eventually(only_young_ones_are_left)
    life.stopping.set()
    async with asyncio.timeout(60):
        await asyncio.gather(*copies)
    await life.end()
