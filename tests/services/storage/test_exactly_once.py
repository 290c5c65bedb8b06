"""One effect a message: repeated, doubled, failed or cut short."""

import asyncio
from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import delete, event, func, insert, select
from sqlalchemy.exc import IntegrityError

from bus import Events
from bus.delivery import CallNext, Delivery, chain
from bus.resolver import Resolver
from contracts.documents import AddType, TypeAdded
from contracts.files import DiscardUpload
from contracts.people import SettingsChanged
from database import Session
from database.handled import Handled
from database.scheduled import Scheduled
from services.storage.exactly_once import exactly_once
from services.storage.schedule import Schedule
from tests.services.acting import Databases
from tests.services.storage.delivering import delivered, new_message_id, said

DUE = datetime(2031, 1, 1, tzinfo=UTC)
COMING: dict[str, Any] = {"due_at": DUE, "command_subject": "command.files.x", "command": {}}


async def add_type(command: AddType, db: Session, schedule: Schedule, events: Events) -> TypeAdded:
    """Count the effects: each adds a row named after the command's type."""
    count = await db.scalar(select(func.count()).where(Scheduled.key.startswith(command.name)))
    await schedule(f"{command.name}-{count}", DUE, DiscardUpload(upload_id="u"))
    events.add(SettingsChanged(person_id=1001, language="ru", time_zone=command.name))
    return TypeAdded(person_id=1001, type_id=1 + (count or 0), name=command.name, emoji="🛂")


def handling(databases: Databases) -> CallNext:
    """Return the inner end of storage's chain."""
    resolver = Resolver({}, scoped=(Session, Schedule))
    return chain([exactly_once(databases.storage)], resolver.caller())


async def effects(databases: Databases, name: str) -> int:
    """Return how often a command of that name took effect."""
    async with databases.storage() as db:
        counted = select(func.count()).where(Scheduled.key.startswith(name))
        return await db.scalar(counted) or 0


async def remembered(databases: Databases, message_id: str) -> Handled | None:
    async with databases.storage() as db:
        return await db.scalar(select(Handled).where(Handled.message_id == message_id))


async def test_a_message_is_handled_and_remembered(databases: Databases) -> None:
    name = message_id = new_message_id()
    delivery = delivered(add_type, AddType(name=name[:40]), message_id)

    await handling(databases)(delivery)

    assert await effects(databases, name[:40]) == 1
    row = await remembered(databases, message_id)
    assert row is not None
    assert row.handler == delivery.handler.name
    assert row.outcome is not None
    assert row.outcome["subject"] == "event.documents.type_added"
    assert [event["subject"] for event in row.events] == ["event.people.settings_changed"]


async def test_a_repeated_message_says_the_same_and_does_nothing(databases: Databases) -> None:
    message_id = new_message_id()
    command = AddType(name=message_id[:40])
    first, second = (delivered(add_type, command, message_id) for _ in range(2))

    await handling(databases)(first)
    await handling(databases)(second)

    assert said(second) == said(first)
    assert await effects(databases, command.name) == 1


async def test_two_copies_at_the_same_time_have_one_effect(databases: Databases) -> None:
    message_id = new_message_id()
    command = AddType(name=message_id[:40])
    copies = [delivered(add_type, command, message_id) for _ in range(5)]

    await asyncio.gather(*(handling(databases)(copy) for copy in copies))

    assert await effects(databases, command.name) == 1
    assert all(said(copy) == said(copies[0]) for copy in copies)


async def test_a_first_delivery_is_remembered_and_not_claimed(databases: Databases) -> None:
    message_id = new_message_id()
    command = AddType(name=message_id[:40])
    statements: list[str] = []

    def note(_: Any, __: Any, statement: str, *___: Any) -> None:
        if "handled" in statement:
            statements.append(statement.split()[0])

    first, again = (delivered(add_type, command, message_id) for _ in range(2))
    again.attempt = 2
    event.listen(databases.storage_engine.sync_engine, "before_cursor_execute", note)
    try:
        await handling(databases)(first)
        assert statements == ["INSERT"]
        await handling(databases)(again)
        assert statements == ["INSERT", "INSERT", "SELECT"]
    finally:
        event.remove(databases.storage_engine.sync_engine, "before_cursor_execute", note)

    assert said(again) == said(first)
    assert await effects(databases, command.name) == 1


async def test_rows_that_break_a_rule_are_no_repetition(databases: Databases) -> None:
    async def add_type(command: AddType, db: Session) -> TypeAdded:
        for _ in range(2):
            await db.execute(insert(Scheduled).values(key=command.name, **COMING))
        raise AssertionError("the second is refused")

    name = new_message_id()[:40]
    with pytest.raises(IntegrityError):
        await handling(databases)(delivered(add_type, AddType(name=name), name))

    assert await remembered(databases, name) is None


async def test_a_copy_takes_over_when_the_first_one_fails(databases: Databases) -> None:
    message_id = new_message_id()
    command = AddType(name=message_id[:40])
    begun, fail = asyncio.Event(), asyncio.Event()

    async def add_type_and_fail(delivery: Delivery, call_next: CallNext) -> None:
        await call_next(delivery)
        begun.set()
        await fail.wait()
        raise RuntimeError("at the last moment")

    failing = chain(
        [exactly_once(databases.storage), add_type_and_fail],
        Resolver({}, scoped=(Session, Schedule)).caller(),
    )
    first = asyncio.ensure_future(failing(delivered(add_type, command, message_id)))
    async with asyncio.timeout(60):
        await begun.wait()
    other = delivered(add_type, command, message_id)
    second = asyncio.ensure_future(handling(databases)(other))
    fail.set()
    with pytest.raises(RuntimeError, match="at the last moment"):
        await first
    await second

    assert await effects(databases, command.name) == 1
    assert said(other)


async def test_nothing_remains_of_a_failed_attempt(databases: Databases) -> None:
    message_id = new_message_id()
    command = AddType(name=message_id[:40])
    attempts = 0

    async def fail_once(delivery: Delivery, call_next: CallNext) -> None:
        nonlocal attempts
        attempts += 1
        await call_next(delivery)
        if attempts == 1:
            raise RuntimeError("after its rows were written")

    call = chain(
        [exactly_once(databases.storage), fail_once],
        Resolver({}, scoped=(Session, Schedule)).caller(),
    )
    delivery = delivered(add_type, command, message_id)
    with pytest.raises(RuntimeError, match="after its rows were written"):
        await call(delivery)
    assert await remembered(databases, message_id) is None
    assert await effects(databases, command.name) == 0

    await call(delivery)
    assert await effects(databases, command.name) == 1
    assert len(said(delivery)) == 2


async def test_after_a_crash_before_publishing_the_saved_messages_are_published(
    databases: Databases,
) -> None:
    message_id = new_message_id()
    command = AddType(name=message_id[:40])
    published: list[list[tuple[str, Any]]] = []

    async def publish_or_die(delivery: Delivery, call_next: CallNext) -> None:
        await call_next(delivery)
        if not published:
            published.append([])
            raise ConnectionError("died between commit and publish")
        published.append(said(delivery))

    call = chain(
        [publish_or_die, exactly_once(databases.storage)],
        Resolver({}, scoped=(Session, Schedule)).caller(),
    )
    with pytest.raises(ConnectionError):
        await call(delivered(add_type, command, message_id))
    assert await effects(databases, command.name) == 1

    redelivered = delivered(add_type, command, message_id)
    await call(redelivered)

    assert [subject for subject, _ in published[-1]] == [
        "event.documents.type_added",
        "event.people.settings_changed",
    ]
    assert await effects(databases, command.name) == 1


async def test_two_handlers_of_one_event_each_handle_it(databases: Databases) -> None:
    message_id = new_message_id()
    event = TypeAdded(person_id=1001, type_id=1, name="x", emoji="")
    handled: list[str] = []

    async def note_on_type_added(event: TypeAdded) -> None:
        handled.append("note")

    async def count_on_type_added(event: TypeAdded) -> None:
        handled.append("count")

    for function in (note_on_type_added, count_on_type_added):
        await handling(databases)(delivered(function, event, message_id))
    again = delivered(note_on_type_added, event, message_id)
    again.attempt = 2
    await handling(databases)(again)

    assert handled == ["note", "count"]


async def test_a_message_forgotten_by_age_would_be_handled_anew(databases: Databases) -> None:
    message_id = new_message_id()
    command = AddType(name=message_id[:40])
    await handling(databases)(delivered(add_type, command, message_id))
    async with databases.storage.begin() as db:
        await db.execute(delete(Handled).where(Handled.message_id == message_id))
    await handling(databases)(delivered(add_type, command, message_id))

    assert await effects(databases, command.name) == 2
