"""Which reminders of a task are to come: by its offsets, moved by quiet hours, past ones left out.

At most one occurrence of a repeating task is open at a time. It is reminded of the next one where
the open one's deadline has passed, by those of its offsets that are shorter than the time between
the two: a daily task needs no reminder a day before. To put the open one off moves that one alone:
the next ones are reminded of as if it had not been.
"""

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import NamedTuple

from contracts.calendar.fields import Plan, PlannedReminder
from contracts.calendar.local_times import end_of_quiet, local_of, moment_of, say_local
from contracts.calendar.occurrences import Series
from contracts.people import QuietHours

LOOKED_AT = 10
"""Occurrences, the next ones, among which an offset is tried: weekdays differ by what is between
them, and no week has more."""
LONG_PAST = timedelta(days=1)
"""After a deadline; nobody is reminded of it any more."""


class Clock(NamedTuple):
    """By what a person wants to be reminded: their zone and their quiet hours."""

    time_zone: str
    quiet_hours: QuietHours | None


class Course(NamedTuple):
    """What planning knows of a task: its open occurrence and, where it repeats, the series.

    `offsets` are minutes before the deadline. `done` are later occurrences that need no reminder.
    """

    occurrence: datetime
    due_at: datetime
    offsets: tuple[int, ...]
    snoozed_until: datetime | None = None
    series: Series | None = None
    done: Collection[datetime] = ()


class Reminder(NamedTuple):
    """One to come, of an occurrence, `minutes` before its deadline."""

    minutes: int
    occurrence: datetime
    moment: datetime
    hushed: bool = False


def moment_of_reminder(due_at: datetime, minutes: int, clock: Clock) -> tuple[datetime, bool]:
    """Return when a reminder comes, and whether quiet hours have put it off.

    To their end, unless the deadline is before that: then it comes at its time.
    """
    moment = due_at - timedelta(minutes=minutes)
    end = end_of_quiet(moment, clock.quiet_hours, clock.time_zone)
    return (moment, False) if end is None or end >= due_at else (end, True)


def nearer_is_due(due_at: datetime, minutes: int, course: Course, clock: Clock) -> datetime | None:
    """Return when the first of the nearer reminders of a deadline comes, None where none does."""
    nearer = [
        moment_of_reminder(due_at, each, clock)[0] for each in course.offsets if each < minutes
    ]
    return min(nearer, default=None)


def reminder_to_come(
    minutes: int, course: Course, clock: Clock, now: datetime, *, passed: bool = False
) -> Reminder | None:
    """Return the next reminder by one offset, of the open occurrence or a later one.

    With `passed` one of the open occurrence counts that should have come already.
    """
    earliest = max(filter(None, (now, course.snoozed_until)))
    moment, hushed = moment_of_reminder(course.due_at, minutes, clock)
    nearer = nearer_is_due(course.due_at, minutes, course, clock)
    in_time = moment > earliest or (passed and course.snoozed_until is None)
    if in_time and minutes in offsets_of(course) and (nearer is None or nearer > moment):
        return Reminder(minutes, course.occurrence, moment, hushed)
    return _of_later(minutes, course, clock, max(now, due_by_rule(course, clock)))


def due_by_rule(course: Course, clock: Clock) -> datetime:
    """Return when the open occurrence is due, or would be had it not been put off."""
    return min(course.due_at, moment_of(course.occurrence, clock.time_zone))


def _of_later(minutes: int, course: Course, clock: Clock, after: datetime) -> Reminder | None:
    """Return the next reminder of an occurrence that is not open yet."""
    if course.series is None:
        return None
    # A day less: where clocks are changed in between, a local time says little of moments.
    from_local = local_of(after, clock.time_zone) + timedelta(minutes=minutes) - timedelta(days=1)
    each = course.series.next_open(max(from_local, course.occurrence), course.done)
    for _ in range(LOOKED_AT):
        if each is None:
            return None
        due_at = moment_of(each, clock.time_zone)
        moment, hushed = moment_of_reminder(due_at, minutes, clock)
        nearer = nearer_is_due(due_at, minutes, course, clock)
        if (
            moment > after
            and (nearer is None or nearer > moment)
            and fits(minutes, course.series, each)
        ):
            return Reminder(minutes, each, moment, hushed)
        each = course.series.next_open(each, course.done)
    return None


def fits(minutes: int, series: Series, occurrence: datetime) -> bool:
    """Whether an offset is shorter than the time since the occurrence before."""
    gap = series.gap_before(occurrence)
    return gap is None or timedelta(minutes=minutes) < gap


def offsets_of(course: Course) -> tuple[int, ...]:
    """Return the offsets by which the open occurrence is reminded of."""
    if course.series is None:
        return course.offsets
    gap = course.series.gap_before(course.occurrence)
    if gap is None:
        return course.offsets
    return tuple(each for each in course.offsets if timedelta(minutes=each) < gap)


def plan_of(course: Course, clock: Clock, now: datetime) -> Plan:
    """Return the reminders of the open occurrence, and those that are too late for it."""
    came = {
        minutes: moment_of_reminder(course.due_at, minutes, clock) for minutes in offsets_of(course)
    }
    earliest = max(filter(None, (now, course.snoozed_until)))
    found = sorted(
        (moment, minutes, hushed)
        for minutes, (moment, hushed) in came.items()
        if moment > earliest
        and all(other > moment for each, (other, _) in came.items() if each < minutes)
    )
    return Plan(
        reminders=tuple(
            _planned(minutes, moment, clock, hushed=hushed) for moment, minutes, hushed in found
        ),
        skipped=tuple(minutes for minutes, (moment, _) in came.items() if moment <= now),
    )


def coming(course: Course, clock: Clock, now: datetime) -> tuple[PlannedReminder, ...]:
    """Return the reminders of the open occurrence, or where that is late those that come next."""
    if course.due_at > now:
        return plan_of(course, clock, now).reminders
    found = [reminder_to_come(minutes, course, clock, now) for minutes in course.offsets]
    return tuple(
        _planned(each.minutes, each.moment, clock, hushed=each.hushed)
        for each in sorted(filter(None, found), key=lambda each: each.moment)
    )


def _planned(minutes: int, moment: datetime, clock: Clock, *, hushed: bool) -> PlannedReminder:
    at = say_local(local_of(moment, clock.time_zone))
    return PlannedReminder(minutes_before=minutes, at=at, hushed=hushed)
