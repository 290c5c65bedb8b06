"""What somebody has to do until some moment: open occurrences, and later ones of what repeats."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import NamedTuple

from contracts.calendar.local_times import local_of, moment_of
from contracts.calendar.planning import Course


class Entry(NamedTuple):
    """An occurrence, by its rule, and when it is due."""

    occurrence: datetime
    due_at: datetime


def entries(
    course: Course,
    time_zone: str,
    now: datetime,
    until: datetime,
    since: datetime | None = None,
) -> Iterator[Entry]:
    """Yield the occurrences of a task due before `until`: the open one, and those of the future.

    What was missed between the two is not to be done any more. With `since` later occurrences are
    looked for from then on; the open one counts whenever it is due.
    """
    if course.due_at < until:
        yield Entry(course.occurrence, course.due_at)
    if course.series is None:
        return
    after = max(course.occurrence, local_of(now, time_zone))
    if since:
        after = max(after, local_of(since, time_zone) - timedelta(minutes=1))
    for each in course.series.to_come(after, local_of(until, time_zone), course.done):
        yield Entry(each, moment_of(each, time_zone))
