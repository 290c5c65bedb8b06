"""Reminders of documents that expire: planned again, stopped, told when they are due."""

from datetime import UTC, datetime, timedelta

import pytest
from msgspec.structs import replace

from contracts.documents import (
    DeleteDocument,
    DocumentRefused,
    ExpiryNear,
    ReminderSkipped,
    RemindersStopped,
    RemindOfExpiry,
    RestoreDocument,
    SetExpiry,
    StopReminding,
)
from contracts.people import PersonErased, PersonRemembered
from database import documents as tables
from tests.services.acting import Acting
from tests.services.storage.test_expiry import (
    FAR,
    MORNINGS,
    clocks,
    new_document,
    planned,
    today,
    zone_chosen,
)


async def test_another_zone_plans_the_reminders_again(somebody: Acting) -> None:
    document_id = await new_document(somebody, FAR)
    assert await clocks(somebody, document_id, "UTC") == MORNINGS

    await somebody.hear(zone_chosen(somebody, "America/New_York"))

    assert await clocks(somebody, document_id, "America/New_York") == MORNINGS


async def test_settings_that_are_heard_of_late_plan_nothing_again(somebody: Acting) -> None:
    document_id = await new_document(somebody, FAR)
    now = datetime.now(UTC)
    newer = replace(zone_chosen(somebody, "Asia/Tokyo"), changed_at=now)
    older = replace(zone_chosen(somebody, "America/New_York"), changed_at=now - timedelta(hours=1))

    for event in (newer, older):
        await somebody.hear(event)

    assert await clocks(somebody, document_id, "Asia/Tokyo") == MORNINGS


async def test_a_first_sight_tells_the_zone_and_a_later_one_changes_nothing(
    somebody: Acting,
) -> None:
    document_id = await new_document(somebody, FAR)

    def seen(time_zone: str | None) -> PersonRemembered:
        return PersonRemembered(
            person_id=somebody.person,
            app="calendar",
            new=False,
            language="ru" if time_zone else None,
            time_zone=time_zone,
        )

    await somebody.hear(seen(None))
    assert await clocks(somebody, document_id, "UTC") == MORNINGS
    for time_zone in ("Asia/Tokyo", "Europe/Moscow"):
        await somebody.hear(seen(time_zone))
        assert await clocks(somebody, document_id, "Asia/Tokyo") == MORNINGS


async def test_a_deleted_document_is_silent_until_it_is_back(somebody: Acting) -> None:
    document_id = await new_document(somebody, FAR)

    await somebody.do(DeleteDocument(document_id=document_id, version=2))
    assert await planned(somebody, document_id) == {}
    await somebody.hear(zone_chosen(somebody, "Asia/Tokyo"))
    assert await planned(somebody, document_id) == {}

    await somebody.do(RestoreDocument(document_id=document_id))
    assert len(await planned(somebody, document_id)) == 3


async def test_stopped_reminders_stay_so_until_there_is_another_date(somebody: Acting) -> None:
    document_id = await new_document(somebody, FAR)

    for _ in range(2):
        assert await somebody.do(StopReminding(document_id=document_id)) == RemindersStopped(
            person_id=somebody.person, document_id=document_id, name="Passport"
        )
    await somebody.hear(zone_chosen(somebody, "Asia/Tokyo"))
    assert await planned(somebody, document_id) == {}

    await somebody.do(SetExpiry(document_id=document_id, version=2, expires_on=FAR))
    assert len(await planned(somebody, document_id)) == 3


async def test_nobody_stops_reminders_of_somebody_else(
    somebody: Acting, somebody_else: Acting
) -> None:
    document_id = await new_document(somebody, FAR)

    outcome = await somebody_else.do(StopReminding(document_id=document_id))

    assert isinstance(outcome, DocumentRefused)
    assert len(await planned(somebody, document_id)) == 3


async def test_a_reminder_says_what_its_reader_needs(somebody: Acting) -> None:
    await somebody.hear(zone_chosen(somebody, "UTC"))
    expires_on = today() + timedelta(days=7)
    document_id = await new_document(somebody, expires_on)

    outcome = await somebody.do(
        RemindOfExpiry(document_id=document_id, expires_on=expires_on, days_before=7)
    )

    assert outcome == ExpiryNear(
        person_id=somebody.person,
        document_id=document_id,
        name="Passport",
        expires_on=expires_on,
        days_before=7,
        days_left=7,
        language="ru",
    )


@pytest.mark.parametrize(
    ("days_before", "days_left", "told"),
    [(30, 30, True), (30, 8, True), (30, 7, False), (7, 2, True), (7, 1, False), (1, -3, True)],
)
async def test_of_reminders_that_come_late_the_nearest_is_told(
    somebody: Acting, days_before: int, days_left: int, told: bool
) -> None:
    expires_on = today() + timedelta(days=days_left)
    document_id = await new_document(somebody, expires_on)

    outcome = await somebody.do(
        RemindOfExpiry(document_id=document_id, expires_on=expires_on, days_before=days_before)
    )

    if told:
        assert isinstance(outcome, ExpiryNear)
        assert outcome.days_left == days_left
    else:
        assert isinstance(outcome, ReminderSkipped)
        assert outcome.reason == "overtaken"


async def test_a_reminder_on_its_way_is_skipped_when_there_is_nothing_to_remind_of(
    somebody: Acting, somebody_else: Acting
) -> None:
    document_id = await new_document(somebody, FAR)
    reminder = RemindOfExpiry(document_id=document_id, expires_on=FAR, days_before=7)

    async def reason(person: Acting, reminder: RemindOfExpiry) -> str:
        outcome = await person.do(reminder)
        assert isinstance(outcome, ReminderSkipped)
        return outcome.reason

    assert await reason(somebody_else, reminder) == "no_such_document"
    moved = RemindOfExpiry(document_id=document_id, expires_on=today(), days_before=7)
    assert await reason(somebody, moved) == "date_changed"
    await somebody.do(StopReminding(document_id=document_id))
    assert await reason(somebody, reminder) == "stopped"
    await somebody.do(DeleteDocument(document_id=document_id, version=2))
    assert await reason(somebody, reminder) == "no_such_document"


async def test_of_an_erased_person_neither_clock_nor_reminders_are_left(somebody: Acting) -> None:
    await somebody.hear(zone_chosen(somebody, "Asia/Tokyo"))
    document_id = await new_document(somebody, FAR)

    await somebody.hear(PersonErased(person_id=somebody.person))

    assert await planned(somebody, document_id) == {}
    async with somebody.databases.storage() as db:
        assert await db.get(tables.Owner, somebody.person) is None
