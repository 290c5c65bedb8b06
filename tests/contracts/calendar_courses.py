"""Moments and courses of tasks, as the tests of the calendar's contract write them."""

from datetime import UTC, datetime

from contracts.calendar.local_times import moment_of, read_local
from contracts.calendar.planning import Course


def utc(text: str) -> datetime:
    """Return the moment at which clocks of UTC show this."""
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def course(deadline: str, zone: str = "UTC", **more: object) -> Course:
    """Return the course of a task with the usual reminders; `more` are other fields of it."""
    occurrence = read_local(deadline)
    course = Course(occurrence, moment_of(occurrence, zone), (1440, 720, 60))
    return course._replace(**more)  # type: ignore[arg-type] # fields of the tuple by name
