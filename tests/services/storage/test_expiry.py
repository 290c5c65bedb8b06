"""Documents expire, and their owners are reminded in the morning of the right days."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select

from contracts.base import Language
from contracts.documents import (
    Document,
    DocumentId,
    DocumentPage,
    DocumentRefused,
    ExpirySet,
    GetDocument,
    ListDocuments,
    SetExpiry,
)
from contracts.people import SettingsChanged
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
