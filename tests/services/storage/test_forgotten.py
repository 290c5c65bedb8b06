"""Who was forgotten stays so, in whatever order the apps hear of it."""

import asyncio
import importlib
import pkgutil
from typing import Any

from sqlalchemy import exists, select, text

import database
from contracts.base import Command, Event
from contracts.people import (
    ChangeOptOuts,
    ChangeQuietHours,
    ChangeReachability,
    ChangeSettings,
    ErasePerson,
    GrantRole,
    RememberPerson,
)
from database.base import Base
from database.forgotten import Forgotten
from services.storage.forgotten import forgotten_since
from tests.bus.waiting import eventually
from tests.services.acting import Acting

for module in pkgutil.iter_modules(database.__path__, f"{database.__name__}."):
    importlib.import_module(module.name)

WAITS = "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted"


async def tables_with(person: Acting) -> set[str]:
    """Return which tables have rows of a person."""
    found = set()
    async with person.databases.storage() as db:
        for name, table in Base.metadata.tables.items():
            if "person_id" in table.columns:
                rows = select(exists().where(table.columns["person_id"] == person.person))
                if await db.scalar(rows):
                    found.add(name)
    return found


async def live(person: Acting) -> list[Event]:
    """Do all that is told of a person to other apps; returns what is."""
    person.admins = frozenset({person.person})
    commands: tuple[Command[Any], ...] = (
        RememberPerson(language="ru", time_zone="UTC"),
        ChangeSettings(language="en"),
        ChangeQuietHours(quiet_hours=None),
        ChangeOptOuts(category="news", opted_out=True),
        ChangeReachability(blocked=True),
        GrantRole(person_id=person.person, role="broadcaster"),
    )
    return [await person.do(command) for command in commands]


async def test_what_was_said_before_makes_no_row_again(somebody: Acting) -> None:
    told = await live(somebody)
    for event in told:
        await somebody.hear(event)
    erased = await somebody.do(ErasePerson())
    await somebody.hear(erased)
    assert await tables_with(somebody) == {"forgotten"}

    for event in told:
        await somebody.hear(event)

    assert await tables_with(somebody) == {"forgotten"}


async def test_what_was_said_before_is_no_news_where_forgetting_is_heard_of_later(
    somebody: Acting,
) -> None:
    told = await live(somebody)
    erased = await somebody.do(ErasePerson())
    for event in told:
        await somebody.hear(event)
    assert await tables_with(somebody) == {"forgotten"}
    await somebody.hear(erased)
    assert await tables_with(somebody) == {"forgotten"}


async def test_who_comes_back_is_known_again(somebody: Acting) -> None:
    await live(somebody)
    erased = await somebody.do(ErasePerson())
    await somebody.hear(erased)

    for event in await live(somebody):
        await somebody.hear(event)

    known = {"document_owners", "calendar_owners", "broadcast_readers", "broadcast_contacts"}
    assert known <= await tables_with(somebody)


async def test_whoever_forgets_waits_for_who_writes_what_they_knew(somebody: Acting) -> None:
    """Otherwise the row would be there after all was erased that was seen."""
    async with somebody.databases.storage.begin() as db:
        assert not await forgotten_since(somebody.person, None, db)
        erasing = asyncio.ensure_future(somebody.do(ErasePerson()))

        async def it_waits() -> bool:
            async with somebody.databases.storage() as other:
                return bool(await other.scalar(text(WAITS)))

        await eventually(it_waits)
        assert await db.get(Forgotten, somebody.person) is None
    await erasing
    async with somebody.databases.storage.begin() as db:
        assert await forgotten_since(somebody.person, None, db)
