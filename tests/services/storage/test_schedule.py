"""Commands to come: one a key, moved or cancelled in the transaction that causes it."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from sqlalchemy import select

from bus import Actor
from contracts.files import DiscardUpload
from database.scheduled import Scheduled
from services.storage.schedule import Schedule
from tests.services.acting import Acting

DUE = datetime(2031, 5, 6, 7, 8, tzinfo=UTC)


async def scheduled(person: Acting, key: str) -> Scheduled | None:
    async with person.databases.storage() as db:
        return await db.scalar(select(Scheduled).where(Scheduled.key == key))


async def test_a_command_scheduled_again_under_its_key_moves(somebody: Acting) -> None:
    key = f"move:{somebody.person}"
    async with somebody.databases.storage.begin() as db:
        schedule = Schedule(db, Actor(somebody.person, "documents"))
        await schedule(key, DUE, DiscardUpload(upload_id="first"))
        later = (DUE + timedelta(hours=1)).astimezone(timezone(timedelta(hours=3)))
        await schedule(key, later, DiscardUpload(upload_id="second"))

    row = await scheduled(somebody, key)

    assert row is not None
    assert row.due_at == DUE + timedelta(hours=1)
    assert row.command_subject == "command.files.discard_upload"
    assert row.command == {"type": "DiscardUpload", "upload_id": "second"}
    assert row.actor == f"{somebody.person}@documents"


async def test_a_cancelled_command_does_not_come(somebody: Acting) -> None:
    key = f"cancel:{somebody.person}"
    async with somebody.databases.storage.begin() as db:
        schedule = Schedule(db, None)
        await schedule(key, DUE, DiscardUpload(upload_id="first"))
        await schedule.cancel(key)
        await schedule.cancel(key)

    assert await scheduled(somebody, key) is None


async def test_nothing_is_scheduled_when_the_change_fails(somebody: Acting) -> None:
    key = f"undone:{somebody.person}"
    async with somebody.databases.storage() as db:
        await Schedule(db, None)(key, DUE, DiscardUpload(upload_id="first"))
        await db.rollback()

    assert await scheduled(somebody, key) is None


async def test_a_moment_without_a_zone_is_refused(somebody: Acting) -> None:
    async with somebody.databases.storage() as db:
        schedule = Schedule(db, None)
        with pytest.raises(ValueError, match="time zone"):
            await schedule("naive", DUE.replace(tzinfo=None), DiscardUpload(upload_id="first"))


async def test_a_key_that_can_be_no_id_is_refused_at_once(somebody: Acting) -> None:
    async with somebody.databases.storage() as db:
        schedule = Schedule(db, None)
        with pytest.raises(ValueError, match=r"'documents\.purge' cannot be part"):
            await schedule("documents.purge", DUE, DiscardUpload(upload_id="first"))
