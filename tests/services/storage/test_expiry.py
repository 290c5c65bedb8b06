"""Documents expire, and their owners are reminded in the morning of the right days."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select

from contracts.base import Language
from contracts.documents import (
    DeleteDocument,
    Document,
    DocumentId,
    DocumentPage,
    DocumentRefused,
    ExpiryNear,
    ExpirySet,
    GetDocument,
    ListDocuments,
    ReminderSkipped,
    RemindersStopped,
    RemindOfExpiry,
    RestoreDocument,
    SetExpiry,
    StopReminding,
)
from contracts.people import PersonErased, PersonRemembered, SettingsChanged
from database import documents as tables
from database.scheduled import Scheduled
from services.storage.documents.reminders import DAYS_BEFORE, moments_to_come
from tests.services.acting import Acting
from tests.services.storage.keeping import add_document, add_type

FAR = date(2099, 12, 31)
MORNINGS = {"2099-12-01 10:00", "2099-12-24 10:00", "2099-12-30 10:00"}
LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)


def today() -> date:
    return datetime.now(UTC).date()


def zone_chosen(person: Acting, time_zone: str, language: Language = "ru") -> SettingsChanged:
    return SettingsChanged(person_id=person.person, language=language, time_zone=time_zone)


async def new_document(person: Acting, expires_on: date | None = None) -> DocumentId:
    """Add a document and return its id; with a day to expire on it is at version 2."""
    document_id = await add_document(person, await add_type(person))
    if expires_on:
        outcome = await person.do(
            SetExpiry(document_id=document_id, version=1, expires_on=expires_on)
        )
        assert isinstance(outcome, ExpirySet)
    return document_id


async def planned(person: Acting, document_id: DocumentId) -> dict[int, Scheduled]:
    """Return the planned reminders of a document by their days before."""
    keys = {f"expiry:{document_id}:{days}": days for days in DAYS_BEFORE}
    async with person.databases.storage() as db:
        rows = await db.scalars(select(Scheduled).where(Scheduled.key.in_(keys)))
        return {keys[row.key]: row for row in rows}


async def clocks(person: Acting, document_id: DocumentId, time_zone: str) -> set[str]:
    """Return what a clock in a zone shows when the reminders come."""
    rows = (await planned(person, document_id)).values()
    return {f"{row.due_at.astimezone(ZoneInfo(time_zone)):%Y-%m-%d %H:%M}" for row in rows}


@pytest.mark.parametrize(
    ("zone", "expires_on", "utc_hours"),
    [
        # Clocks go back on 26 October 2025, so 30 days before and a day before differ.
        ("Europe/Berlin", date(2025, 11, 1), {30: 8, 7: 8, 1: 9}),
        ("Europe/Berlin", date(2025, 4, 1), {30: 9, 7: 9, 1: 8}),
        ("America/New_York", date(2025, 11, 8), {30: 14, 7: 14, 1: 15}),
        ("Europe/Moscow", date(2025, 11, 1), {30: 7, 7: 7, 1: 7}),
        ("Asia/Kolkata", date(2025, 11, 1), {30: 4, 7: 4, 1: 4}),
        ("Australia/Lord_Howe", date(2025, 10, 6), {30: 23, 7: 23, 1: 23}),
        ("UTC", date(2025, 11, 1), {30: 10, 7: 10, 1: 10}),
    ],
)
def test_it_is_ten_in_the_morning_whatever_clocks_were_changed_to(
    zone: str, expires_on: date, utc_hours: dict[int, int]
) -> None:
    moments = moments_to_come(expires_on, zone, LONG_AGO)

    for days, moment in moments.items():
        local = moment.astimezone(UTC).astimezone(ZoneInfo(zone))
        assert (local.date(), local.time()) == (expires_on - timedelta(days=days), time(10))
    assert {days: moment.astimezone(UTC).hour for days, moment in moments.items()} == utc_hours


@pytest.mark.parametrize(
    ("now", "left"),
    [
        ("2027-11-30T12:00+03:00", [30, 7, 1]),
        ("2027-12-01T09:59+03:00", [30, 7, 1]),
        ("2027-12-01T10:00+03:00", [7, 1]),
        ("2027-12-30T09:59+03:00", [1]),
        ("2027-12-30T10:00+03:00", []),
        ("2028-01-05T10:00+03:00", []),
    ],
)
def test_what_is_past_is_not_planned(now: str, left: list[int]) -> None:
    moments = moments_to_come(date(2027, 12, 31), "Europe/Moscow", datetime.fromisoformat(now))
    assert list(moments) == left


@pytest.mark.parametrize("expires_on", [date.min, date.max])
async def test_no_day_is_too_far_away(somebody: Acting, expires_on: date) -> None:
    await somebody.hear(zone_chosen(somebody, "Pacific/Kiritimati"))
    document_id = await new_document(somebody, expires_on)

    reminders = await planned(somebody, document_id)

    assert set(reminders) == (set(DAYS_BEFORE) if expires_on == date.max else set())


async def test_the_expiry_is_shown_with_the_document_and_in_lists(somebody: Acting) -> None:
    document_id = await new_document(somebody, FAR)

    found = await somebody.ask(GetDocument(document_id=document_id))

    assert isinstance(found, Document)
    assert (found.version, found.expires_on, found.expired) == (2, FAR, False)
    page = await somebody.ask(ListDocuments(type_id=found.type_id))
    assert isinstance(page, DocumentPage)
    assert [(each.expires_on, each.expired) for each in page.documents] == [(FAR, False)]


@pytest.mark.parametrize("time_zone", ["Pacific/Kiritimati", "Etc/GMT+12", "UTC"])
async def test_a_document_has_expired_when_the_day_is_over_for_its_owner(
    somebody: Acting, time_zone: str
) -> None:
    await somebody.hear(zone_chosen(somebody, time_zone))
    there = datetime.now(UTC).astimezone(ZoneInfo(time_zone)).date()
    last_day = await new_document(somebody, there)
    over = await add_document(somebody, await kind_of(somebody, last_day), "Older")
    await somebody.do(SetExpiry(document_id=over, version=1, expires_on=there - timedelta(days=1)))

    expired = [
        getattr(await somebody.ask(GetDocument(document_id=each)), "expired", None)
        for each in (last_day, over)
    ]

    assert expired == [False, True]


async def kind_of(person: Acting, document_id: DocumentId) -> int:
    found = await person.ask(GetDocument(document_id=document_id))
    assert isinstance(found, Document)
    return found.type_id


async def test_three_reminders_are_planned_by_the_owners_clock(somebody: Acting) -> None:
    await somebody.hear(zone_chosen(somebody, "Asia/Tokyo"))
    document_id = await new_document(somebody)

    outcome = await somebody.do(SetExpiry(document_id=document_id, version=1, expires_on=FAR))

    assert outcome == ExpirySet(
        person_id=somebody.person,
        document_id=document_id,
        name="Passport",
        expires_on=FAR,
        remind_on=(date(2099, 12, 1), date(2099, 12, 24), date(2099, 12, 30)),
    )
    assert await clocks(somebody, document_id, "Asia/Tokyo") == MORNINGS
    for days, row in (await planned(somebody, document_id)).items():
        assert row.actor == f"{somebody.person}@documents"
        assert row.command == {
            "type": "RemindOfExpiry",
            "document_id": document_id,
            "expires_on": "2099-12-31",
            "days_before": days,
        }


async def test_another_date_moves_the_reminders_and_none_cancels_them(somebody: Acting) -> None:
    document_id = await new_document(somebody, FAR)

    nearer = today() + timedelta(days=5)
    outcome = await somebody.do(SetExpiry(document_id=document_id, version=2, expires_on=nearer))
    assert isinstance(outcome, ExpirySet)
    assert outcome.remind_on == (nearer - timedelta(days=1),)
    assert set(await planned(somebody, document_id)) == {1}

    outcome = await somebody.do(SetExpiry(document_id=document_id, version=3, expires_on=None))
    assert isinstance(outcome, ExpirySet)
    assert (outcome.expires_on, outcome.remind_on) == (None, ())
    assert await planned(somebody, document_id) == {}


async def test_an_expiry_is_set_on_the_version_that_was_seen(
    somebody: Acting, somebody_else: Acting
) -> None:
    document_id = await new_document(somebody, FAR)
    stale = SetExpiry(document_id=document_id, version=1, expires_on=None)

    outcome = await somebody.do(stale)
    foreign = await somebody_else.do(stale)

    assert isinstance(outcome, DocumentRefused)
    assert outcome.reason == "changed_meanwhile"
    assert isinstance(foreign, DocumentRefused)
    assert foreign.reason == "no_such_document"
    assert len(await planned(somebody, document_id)) == 3


async def test_another_zone_plans_the_reminders_again(somebody: Acting) -> None:
    document_id = await new_document(somebody, FAR)
    assert await clocks(somebody, document_id, "UTC") == MORNINGS

    await somebody.hear(zone_chosen(somebody, "America/New_York"))

    assert await clocks(somebody, document_id, "America/New_York") == MORNINGS


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
