"""Reminders follow the clock and the quiet hours of their person, and nothing is lost by that."""

import dataclasses
from datetime import UTC, datetime, timedelta

import pytest
from msgspec.structs import replace
from sqlalchemy import update

from contracts.calendar import (
    AddTask,
    ChangeTaskReminders,
    DeleteTask,
    Repeat,
    SnoozeTask,
    TaskDue,
    TimeZoneFollowed,
)
from contracts.people import PersonErased, PersonRemembered, QuietHours
from database.calendar import Owner
from database.scheduled import Scheduled
from tests.services.acting import Acting
from tests.services.storage.tasks import (
    add,
    clocks,
    local_in,
    planner,
    remind,
    reminders,
    settings,
    stored,
    turn_back,
)

DEADLINE = "2099-05-06T14:00"
NIGHT = QuietHours(begins="23:00", ends="07:00")


async def test_another_zone_keeps_clock_times_and_is_said_once(somebody: Acting) -> None:
    person = await planner(somebody)
    task_id = (await add(person, DEADLINE)).task_id
    snoozed = (await add(person, DEADLINE)).task_id
    await person.do(SnoozeTask(task_id=snoozed, occurrence=DEADLINE, until="2099-05-06T10:00"))
    at_ten = {1440: "2099-05-05T14:00", 720: "2099-05-06T02:00", 60: "2099-05-06T13:00"}
    assert await clocks(person, task_id) == at_ten

    for _ in range(2):
        await person.hear(settings(somebody, "America/New_York"))

    assert await clocks(person, task_id, "America/New_York") == at_ten
    assert (await clocks(person, snoozed, "America/New_York"))[0] == "2099-05-06T10:00"
    (event,) = [each for each in person.events if isinstance(each, TimeZoneFollowed)]
    assert (event.tasks, event.time_zone, event.language) == (2, "America/New_York", "ru")


async def test_settings_that_are_heard_of_late_change_nothing(somebody: Acting) -> None:
    person = await planner(somebody)
    task_id = (await add(person, DEADLINE)).task_id
    now = datetime.now(UTC)
    newer = replace(settings(somebody, "Europe/Berlin"), changed_at=now)
    older = replace(settings(somebody, "America/New_York"), changed_at=now - timedelta(hours=1))

    for event in (newer, older):
        await person.hear(event)

    assert (await clocks(person, task_id, "Europe/Berlin"))[60] == "2099-05-06T13:00"


async def test_of_an_occurrence_that_is_late_nothing_comes_again(somebody: Acting) -> None:
    """What is planned is of the next one."""
    person = await planner(somebody)
    daily = Repeat(every="day")
    added = await add(person, local_in(hours=2), repeat=daily, remind_before=(60,))
    await turn_back(person, added.task_id, days=1)

    for zone in ("Asia/Kolkata", "Europe/Berlin"):
        await person.hear(settings(somebody, zone))
        (planned,) = (await reminders(person, added.task_id)).values()
        assert planned.occurrence == added.occurrence
        assert planned.planned_at > datetime.now(UTC)


async def test_quiet_hours_move_what_is_planned_and_back(somebody: Acting) -> None:
    person = await planner(somebody)
    task_id = (await add(person, DEADLINE)).task_id

    await person.hear(settings(somebody, quiet_hours=NIGHT))
    assert (await clocks(person, task_id))[720] == "2099-05-06T07:00"
    await person.hear(settings(somebody))
    assert (await clocks(person, task_id))[720] == "2099-05-06T02:00"


async def test_what_should_have_come_comes_when_quiet_hours_are_over_at_once(
    somebody: Acting,
) -> None:
    """It is not lost because its moment has passed by the new settings."""
    now = datetime.now(UTC)
    all_day = QuietHours(
        begins=f"{now - timedelta(hours=2):%H:%M}", ends=f"{now + timedelta(hours=2):%H:%M}"
    )
    person = await planner(somebody, "UTC", all_day)
    added = await add(person, local_in("UTC", hours=3, minutes=1), remind_before=(181, 182))
    await person.do(ChangeTaskReminders(task_id=added.task_id, version=1, remind_before=(180, 178)))
    hushed = await reminders(person, added.task_id)
    assert set(hushed) == {178}

    await turn_back(person, added.task_id, minutes=10)
    shifted = await stored(person, added.task_id)
    await person.hear(settings(somebody, "UTC"))

    planned = await reminders(person, added.task_id)
    assert planned[178].planned_at == shifted.due_at - timedelta(minutes=178)
    told = await remind(person, planned[178])
    assert isinstance(told, TaskDue)
    assert told.late


async def test_what_is_due_already_stays_unless_settings_make_it_due_later(
    somebody: Acting,
) -> None:
    """The system was down: the reminder and the change are both waiting."""
    person = await planner(somebody)
    added = await add(person, local_in(hours=5), remind_before=(240,))
    (waiting,) = (await reminders(person, added.task_id)).values()
    await turn_back(person, added.task_id, hours=2)
    async with person.databases.storage.begin() as db:
        key = f"task:{added.task_id}:240"
        past = waiting.planned_at - timedelta(hours=2)
        await db.execute(update(Scheduled).where(Scheduled.key == key).values(due_at=past))

    at_another_time = QuietHours(begins=local_in(hours=1)[11:], ends=local_in(hours=2)[11:])
    await person.hear(settings(somebody, quiet_hours=at_another_time))

    async with person.databases.storage() as db:
        row = await db.get_one(Scheduled, key)
        assert row.due_at == past

    await person.hear(settings(somebody, "America/New_York"))  # there it is not yet that late

    (planned,) = (await reminders(person, added.task_id)).values()
    assert planned.planned_at > datetime.now(UTC)


async def test_what_is_due_of_a_later_occurrence_stays_when_settings_change(
    somebody: Acting,
) -> None:
    person = await planner(somebody)
    daily = Repeat(every="day")
    added = await add(person, local_in(hours=2), repeat=daily, remind_before=(60,))
    await turn_back(person, added.task_id, days=1)
    async with person.databases.storage.begin() as db:
        key = f"task:{added.task_id}:60"
        row = await db.get_one(Scheduled, key)
        row.due_at = past = datetime.now(UTC) - timedelta(seconds=1)

    await person.hear(settings(somebody, quiet_hours=NIGHT))
    await person.hear(settings(somebody, "America/New_York"))

    async with person.databases.storage() as db:
        assert (await db.get_one(Scheduled, key)).due_at == past


async def test_a_first_sight_tells_the_zone_and_a_later_one_changes_nothing(
    somebody: Acting,
) -> None:
    person = dataclasses.replace(somebody, app="calendar")
    task_id = (await add(person, DEADLINE)).task_id
    assert (await clocks(person, task_id, "UTC"))[60] == "2099-05-06T13:00"

    def seen(time_zone: str | None) -> PersonRemembered:
        return PersonRemembered(
            person_id=somebody.person,
            app="documents",
            new=False,
            language="ru" if time_zone else None,
            time_zone=time_zone,
            quiet_hours=NIGHT,
        )

    for time_zone in (None, "Asia/Tokyo", "Europe/Moscow"):
        await person.hear(seen(time_zone))
        zone = "UTC" if time_zone is None else "Asia/Tokyo"
        planned = await clocks(person, task_id, zone)
        assert planned[60] == "2099-05-06T13:00"
        assert planned[720] == f"2099-05-06T0{7 if time_zone else 2}:00"


async def test_whose_first_word_is_a_task_is_understood_by_the_clock_they_read(
    somebody: Acting,
) -> None:
    person = dataclasses.replace(somebody, app="calendar")
    added = await add(person, DEADLINE, time_zone="Asia/Tokyo")
    assert added.time_zone == "Asia/Tokyo"
    assert (await clocks(person, added.task_id))[60] == "2099-05-06T13:00"
    await person.hear(settings(somebody, "Europe/Berlin"))
    assert (await add(person, DEADLINE, time_zone="Asia/Tokyo")).time_zone == "Europe/Berlin"
    with pytest.raises(ValueError, match="no time zone"):
        AddTask(title="Call mom", deadline=DEADLINE, time_zone="Atlantis/Capital")


async def test_of_who_is_forgotten_nothing_is_left(somebody: Acting) -> None:
    person = await planner(somebody)
    task_id = (await add(person, DEADLINE)).task_id
    other = (await add(person, DEADLINE)).task_id
    await person.do(DeleteTask(task_id=other, version=1))

    await person.hear(PersonErased(person_id=person.person))

    assert await clocks(person, task_id) == {}
    async with person.databases.storage() as db:
        assert await db.get(Owner, person.person) is None
