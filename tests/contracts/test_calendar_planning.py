"""Reminders to come, and what there is to do: tables of cases, and what always holds."""

from datetime import datetime
from zoneinfo import available_timezones

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts.calendar import Plan, Repeat
from contracts.calendar.agenda import entries
from contracts.calendar.local_times import (
    local_of,
    moment_of,
    read_local,
    say_local,
)
from contracts.calendar.occurrences import Series
from contracts.calendar.planning import (
    Clock,
    Course,
    coming,
    moment_of_reminder,
    plan_of,
    reminder_to_come,
)
from contracts.people import QuietHours
from tests.contracts.calendar_courses import course, utc

NIGHT = QuietHours(begins="22:00", ends="08:00")
ZONES = st.sampled_from(sorted(available_timezones()))
CLOCKS = st.builds(Clock, ZONES, st.sampled_from([None, NIGHT]))
MINUTES = st.datetimes(read_local("2000-01-02T00:00"), read_local("2098-12-30T00:00")).map(
    lambda each: each.replace(second=0, microsecond=0, fold=0)
)
REPEATS = st.one_of(
    st.sampled_from([Repeat(every="day"), Repeat(every="weekday"), Repeat(every="month")]),
    st.integers(1, 366).map(lambda days: Repeat(every="days", interval=days)),
    st.sets(st.integers(0, 6), min_size=1).map(lambda days: Repeat(every="week", days=tuple(days))),
)


def comes(course: Course, now: str, quiet: QuietHours | None = None) -> dict[int, str]:
    """Return the next reminder by each offset, as a clock of UTC shows it."""
    clock, moment = Clock("UTC", quiet), utc(now)
    found = {
        minutes: reminder_to_come(minutes, course, clock, moment) for minutes in course.offsets
    }
    return {
        minutes: f"{each.occurrence:%d}: {each.moment:%d %H:%M}"
        for minutes, each in found.items()
        if each
    }


@pytest.mark.parametrize(
    ("deadline", "minutes", "quiet", "comes", "hushed"),
    [
        ("2026-11-22T20:00", 720, NIGHT, "2026-11-22T08:00", False),
        ("2026-11-22T12:00", 720, NIGHT, "2026-11-22T08:00", True),
        # Hushed it would come too late.
        ("2026-11-22T07:30", 60, NIGHT, "2026-11-22T06:30", False),
        ("2026-11-22T08:00", 60, NIGHT, "2026-11-22T07:00", False),
        ("2026-11-22T12:00", 720, None, "2026-11-22T00:00", False),
        # A day before, where that day had 25 hours: by the clock an hour later.
        ("2026-10-25T14:00", 1440, None, "2026-10-24T15:00", False),
        ("2026-03-29T14:00", 1440, None, "2026-03-28T13:00", False),
    ],
)
def test_quiet_hours_put_off_what_can_wait(
    deadline: str, minutes: int, quiet: QuietHours | None, comes: str, hushed: bool
) -> None:
    zone = "Europe/Berlin"
    due_at = moment_of(read_local(deadline), zone)
    moment, put_off = moment_of_reminder(due_at, minutes, Clock(zone, quiet))
    assert (say_local(local_of(moment, zone)), put_off) == (comes, hushed)


def test_what_has_passed_is_skipped_and_said() -> None:
    task = course("2026-11-22T12:00")
    assert comes(task, "2026-11-21T08:00") == {
        1440: "22: 21 12:00",
        720: "22: 22 00:00",
        60: "22: 22 11:00",
    }
    assert comes(task, "2026-11-21T12:00") == {720: "22: 22 00:00", 60: "22: 22 11:00"}
    plan = plan_of(task, Clock("UTC", None), utc("2026-11-22T05:00"))
    assert ([each.minutes_before for each in plan.reminders], plan.skipped) == ([60], (1440, 720))
    assert plan_of(task, Clock("UTC", None), utc("2026-11-22T12:00")) == Plan(
        skipped=(1440, 720, 60)
    )


def test_of_reminders_that_quiet_hours_put_off_to_one_moment_the_nearest_comes() -> None:
    task = course("2026-11-22T12:00", offsets=(720, 660, 600, 60))
    assert comes(task, "2026-11-21T08:00", NIGHT) == {600: "22: 22 08:00", 60: "22: 22 11:00"}
    plan = plan_of(task, Clock("UTC", NIGHT), utc("2026-11-21T08:00"))
    assert [(each.minutes_before, each.hushed) for each in plan.reminders] == [
        (600, True),
        (60, False),
    ]


def test_a_snooze_silences_what_comes_before_it() -> None:
    task = course("2026-11-22T12:00", snoozed_until=utc("2026-11-22T09:00"))
    assert comes(task, "2026-11-21T08:00") == {60: "22: 22 11:00"}


def test_a_late_series_is_reminded_of_what_comes_next() -> None:
    """A day before comes nothing: it is daily."""
    daily = Series(Repeat(every="day"), read_local("2026-11-20T12:00"))
    task = course("2026-11-21T12:00", series=daily)
    assert comes(task, "2026-11-20T23:00") == {720: "21: 21 00:00", 60: "21: 21 11:00"}
    assert comes(task, "2026-11-21T11:00") == {720: "22: 22 00:00", 60: "22: 22 11:00"}
    assert comes(task, "2026-11-25T13:00") == {720: "26: 26 00:00", 60: "26: 26 11:00"}
    shown = coming(task, Clock("UTC", None), utc("2026-11-25T13:00"))
    assert [each.at for each in shown] == ["2026-11-26T00:00", "2026-11-26T11:00"]
    in_time = coming(task, Clock("UTC", None), utc("2026-11-21T11:30"))
    assert in_time == ()
    done = task._replace(done=frozenset({read_local("2026-11-22T12:00")}))
    assert comes(done, "2026-11-21T11:00") == {720: "23: 23 00:00", 60: "23: 23 11:00"}


def test_weekdays_are_reminded_of_a_day_before_where_there_is_a_day_between() -> None:
    rule = Repeat(every="week", days=(0, 1))
    task = course("2026-11-24T12:00", series=Series(rule, read_local("2026-11-23T12:00")))
    # The 24th is a Tuesday, the day after Monday; the 30th a Monday, six days after.
    assert comes(task, "2026-11-22T00:00") == {
        1440: "30: 29 12:00",
        720: "24: 24 00:00",
        60: "24: 24 11:00",
    }


@given(REPEATS, MINUTES, MINUTES, st.integers(1, 40320), CLOCKS)
def test_a_reminder_comes_in_the_future_and_before_its_deadline(
    repeat: Repeat, anchor: datetime, now: datetime, minutes: int, clock: Clock
) -> None:
    series, moment = Series(repeat, anchor), moment_of(now, clock.time_zone)
    first = series.first()
    task = Course(first, moment_of(first, clock.time_zone), (minutes,), series=series)
    found = reminder_to_come(minutes, task, clock, moment)
    if found:
        assert found.moment > moment
        assert found.moment < moment_of(found.occurrence, clock.time_zone)
        assert series.has(found.occurrence)


def test_an_agenda_has_what_is_open_and_what_comes_until_then() -> None:
    daily = Series(Repeat(every="day"), read_local("2026-11-18T12:00"))
    done = frozenset({read_local("2026-11-23T12:00")})
    task = course("2026-11-18T12:00", series=daily, done=done)
    now, until = utc("2026-11-21T13:00"), utc("2026-11-25T00:00")

    found = [each.due_at for each in entries(task, "UTC", now, until)]

    assert [each.day for each in found] == [18, 22, 24]
    later = entries(task, "UTC", now, until, since=utc("2026-11-24T00:00"))
    assert [each.due_at.day for each in later] == [18, 24]
    assert list(entries(course("2026-11-26T12:00"), "UTC", now, until)) == []
