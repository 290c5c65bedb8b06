"""Who was forgotten stays so, in whatever order the apps hear of it."""

import asyncio
import importlib
import pkgutil
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import exists, select, text

import database
from bus import Actor, Asked, Envelope
from contracts.base import Command, Event
from contracts.files import UploadDiscarded, UploadKept, UploadLost
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
from database.documents import File
from database.files import Upload
from database.forgotten import Forgotten
from services.storage.documents.files import describe_file_on_upload_kept
from services.storage.files.uploads import record_on_upload_kept
from services.storage.forgotten import forgotten_since, sent_before_forgetting
from services.storage.schedule import Schedule
from tests.bus.waiting import eventually
from tests.services.acting import Acting
from tests.services.storage.keeping import new_upload_id, upload_kept

for module in pkgutil.iter_modules(database.__path__, f"{database.__name__}."):
    importlib.import_module(module.name)

WAITS = "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted"


def kept_of(person: Acting, sent_at: datetime | None, app: str = "documents") -> UploadKept:
    """Return the event of a file that a person sent then."""
    return upload_kept(person.person, new_upload_id(), app=app, sent_at=sent_at)


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


async def forget(person: Acting) -> None:
    """Have a person forgotten in every app."""
    erased = await person.do(ErasePerson())
    await person.hear(erased)


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


@pytest.mark.parametrize("app", ["documents", "broadcasts"])
async def test_a_file_that_is_kept_too_late_leaves_no_row_and_no_bytes(
    somebody: Acting, app: str
) -> None:
    kept = kept_of(somebody, datetime.now(UTC), app)
    await forget(somebody)

    await somebody.hear(kept)

    assert await tables_with(somebody) == {"forgotten"}
    (discarded,) = somebody.events
    assert discarded == UploadDiscarded(
        person_id=somebody.person, app=app, upload_id=kept.upload_id
    )
    await somebody.hear(discarded)
    assert await tables_with(somebody) == {"forgotten"}


@pytest.mark.parametrize("app", ["documents", "broadcasts"])
async def test_a_file_that_is_lost_too_late_leaves_no_row(somebody: Acting, app: str) -> None:
    lost = UploadLost(
        person_id=somebody.person,
        app=app,
        upload_id=new_upload_id(),
        reason="gone",
        sent_at=datetime.now(UTC),
    )
    await forget(somebody)

    await somebody.hear(lost)

    assert await tables_with(somebody) == {"forgotten"}


@pytest.mark.parametrize("says_when", [True, False])
async def test_a_file_of_who_has_come_back_is_theirs(somebody: Acting, says_when: bool) -> None:
    """One that does not say when it was sent may be such a file."""
    await forget(somebody)
    sent_at = datetime.now(UTC) + timedelta(minutes=1) if says_when else None

    await somebody.hear(kept_of(somebody, sent_at))

    assert await tables_with(somebody) == {"forgotten", "uploads", "document_files"}
    assert not somebody.events


async def test_of_files_kept_together_only_those_of_the_forgotten_are_left_out(
    somebody: Acting, somebody_else: Acting
) -> None:
    before = datetime.now(UTC)
    await forget(somebody)
    gone, back = kept_of(somebody, before), kept_of(somebody, before + timedelta(minutes=1))
    theirs = kept_of(somebody_else, before)
    asked = [
        Asked(event, Envelope(message_id="acting", actor=Actor(event.person_id, event.app)))
        for event in (theirs, gone, back)
    ]

    async with somebody.databases.storage.begin() as db:
        said = await record_on_upload_kept(asked, db, Schedule(db, None))
        await describe_file_on_upload_kept(asked, db)

    discarded = UploadDiscarded(
        person_id=somebody.person, app="documents", upload_id=gone.upload_id
    )
    assert said == [None, discarded, None]
    stay = {theirs.upload_id, back.upload_id}
    async with somebody.databases.storage() as db:
        people = (somebody.person, somebody_else.person)
        uploads = await db.scalars(select(Upload.id).where(Upload.person_id.in_(people)))
        assert set(uploads) == stay
        files = await db.scalars(select(File.upload_id).where(File.person_id.in_(people)))
        assert set(files) == stay


@pytest.mark.parametrize("asked_for_files", [False, True])
async def test_whoever_forgets_waits_for_who_writes_what_they_knew(
    somebody: Acting, asked_for_files: bool
) -> None:
    """Otherwise the row would be there after all was erased that was seen."""
    async with somebody.databases.storage.begin() as db:
        if asked_for_files:
            kept = kept_of(somebody, datetime.now(UTC))
            assert await sent_before_forgetting([kept], db) == [False]
        else:
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
