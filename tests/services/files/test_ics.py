"""Tasks as calendar programs read them, read back by a library of such programs."""

from datetime import UTC, datetime, timedelta
from itertools import islice
from typing import Any

import pytest
from dateutil.rrule import rrulestr
from icalendar import Calendar, Component

from contracts.calendar import ExportedTask, Repeat
from contracts.calendar.occurrences import Series
from services.files.ics import Booklet, written

MOMENT = datetime(2026, 11, 1, 8, 30, tzinfo=UTC)


def task(task_id: int = 1, **changes: Any) -> ExportedTask:
    """Return a task that has nothing special, but for some fields."""
    given: dict[str, Any] = {
        "task_id": task_id,
        "version": 3,
        "title": "Позвонить, маме; да",
        "note": "",
        "occurrence": "2027-03-28T14:00",
        "deadline": "2027-03-28T14:00",
        "starts": None,
        "time_zone": "Europe/Berlin",
        "repeat": None,
        "day_of_month": 28,
        "without": (),
        "created_at": MOMENT,
        "changed_at": MOMENT,
    }
    return ExportedTask(**(given | changes))


def read(*tasks: ExportedTask, time_zone: str = "Europe/Berlin") -> Calendar:
    """Return what a program reads of tasks."""
    calendar = Calendar.from_ical(written(Booklet("Мои задачи", time_zone, tasks)))
    assert isinstance(calendar, Calendar)
    assert [calendar["X-WR-CALNAME"], calendar["NAME"]] == ["Мои задачи"] * 2
    assert not calendar.get_missing_tzids()
    return calendar


def events(*tasks: ExportedTask) -> list[Component]:
    """Return the events that a program reads of tasks."""
    return list(read(*tasks).walk("VEVENT"))


def line_of(event: Component, name: str) -> str:
    """Return the line of a property as the file has it."""
    lines: list[str] = event.to_ical().decode().splitlines()
    (line,) = (line for line in lines if line.startswith(name))
    return line


def test_a_task_is_an_event_at_its_deadline_with_its_reminders() -> None:
    (event,) = events(task(note="раз\nдва", remind_before=(1440, 60)))
    assert (event["SUMMARY"], event["DESCRIPTION"]) == ("Позвонить, маме; да", "раз\nдва")
    # That day clocks are put forward: two hours ahead of UTC by then.
    assert event.decoded("DTSTART").astimezone(UTC) == datetime(2027, 3, 28, 12, tzinfo=UTC)
    assert "DTEND" not in event
    assert event["SEQUENCE"] == 2
    alarms = event.walk("VALARM")
    assert [alarm.decoded("TRIGGER") for alarm in alarms] == [
        timedelta(days=-1),
        -timedelta(hours=1),
    ]
    assert {alarm["ACTION"] for alarm in alarms} == {"DISPLAY"}


def test_a_task_with_a_beginning_lasts_until_its_deadline() -> None:
    (event,) = events(task(starts="2027-03-27T10:00", remind_before=(60,)))
    assert event.decoded("DTSTART").isoformat() == "2027-03-27T10:00:00+01:00"
    assert event.decoded("DTEND").isoformat() == "2027-03-28T14:00:00+02:00"
    (alarm,) = event.walk("VALARM")
    assert alarm["TRIGGER"].params["RELATED"] == "END"


@pytest.mark.parametrize(
    "repeat",
    [
        Repeat(every="day"),
        Repeat(every="weekday"),
        Repeat(every="week", days=(2, 6)),
        Repeat(every="days", interval=10),
        Repeat(every="month"),
    ],
    ids=lambda repeat: repeat.every,
)
@pytest.mark.parametrize("day", [15, 29, 30, 31])
def test_a_rule_means_what_the_bot_means_by_it(repeat: Repeat, day: int) -> None:
    series = Series(repeat, datetime.fromisoformat(f"2027-01-{day}T09:00"))
    first = series.first()
    (event,) = events(
        task(
            occurrence=first.isoformat(timespec="minutes"),
            deadline=first.isoformat(timespec="minutes"),
            repeat=repeat,
            day_of_month=day,
        )
    )
    rule = rrulestr(line_of(event, "RRULE"), dtstart=first)
    expected = [first]
    while len(expected) < 40:
        following = series.next_after(expected[-1])
        assert following is not None
        expected.append(following)
    assert list(islice(rule, 40)) == expected


def test_an_occurrence_that_was_put_off_moves_alone_and_done_ones_are_left_out() -> None:
    repeating = task(
        repeat=Repeat(every="day"),
        occurrence="2027-03-28T09:00",
        deadline="2027-03-28T18:30",
        without=("2027-03-30T09:00",),
    )
    series, put_off = events(repeating)
    assert series.decoded("DTSTART").isoformat() == "2027-03-28T09:00:00+02:00"
    assert line_of(series, "EXDATE") == "EXDATE;TZID=Europe/Berlin:20270330T090000"
    assert put_off["UID"] == series["UID"]
    assert put_off.decoded("RECURRENCE-ID") == series.decoded("DTSTART")
    assert put_off.decoded("DTSTART").isoformat() == "2027-03-28T18:30:00+02:00"
    assert "RRULE" not in put_off


def test_a_beginning_on_another_day_would_shift_a_rule() -> None:
    weekly = Repeat(every="week", days=(6,))
    days: dict[str, Any] = {
        "repeat": weekly,
        "occurrence": "2027-03-28T14:00",
        "deadline": "2027-03-28T14:00",
    }
    (same,) = events(task(starts="2027-03-28T10:00", **days))
    (before,) = events(task(starts="2027-03-26T10:00", **days))
    assert same.decoded("DTSTART").hour == 10
    assert before.decoded("DTSTART").hour == 14


def test_the_same_tasks_give_the_same_bytes_in_any_zone() -> None:
    tasks = [task(number, time_zone=zone) for number, zone in enumerate(ZONES, start=1)]
    found = read(*tasks)
    assert {zone.tz_name for zone in found.timezones} == set(ZONES) - {"UTC"}
    assert len({event["UID"] for event in found.walk("VEVENT")}) == len(ZONES)
    booklet = Booklet("Мои задачи", "UTC", tasks)
    assert written(booklet) == written(booklet)


ZONES = ("UTC", "Asia/Kathmandu", "America/St_Johns", "Australia/Lord_Howe", "Africa/Casablanca")
