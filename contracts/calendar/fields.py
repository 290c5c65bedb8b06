"""What the fields of the calendar's messages may hold; local times are naive, as a clock shows."""

from datetime import datetime
from typing import Annotated
from zoneinfo import ZoneInfo

import msgspec
from msgspec import Meta

from contracts.documents import VISIBLE

TaskId = Annotated[int, Meta(gt=0, le=2**63 - 1)]
Version = Annotated[int, Meta(gt=0)]
"""Counts the changes that a person made to a task: one made for an older version is refused."""
TaskTitle = Annotated[str, Meta(min_length=1, max_length=128, pattern=VISIBLE)]
TaskNote = Annotated[str, Meta(max_length=1000)]
"""What a person wrote about a task, in lines; empty for nothing."""
LocalTime = Annotated[
    str,
    Meta(
        pattern=r"^20[0-9]{2}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])"
        r"T([01][0-9]|2[0-3]):[0-5][0-9]$"
    ),
]
"""A minute as clocks show it where a person is, e.g. `2026-11-21T14:00`; years 2000 to 2099."""
DigestClock = Annotated[str, Meta(pattern=r"^(([01][0-9]|2[0-3]):[0-5][0-9])?$")]
"""When the day's digest comes, e.g. `08:30`; empty for never."""
MinutesBefore = Annotated[int, Meta(ge=1, le=40320)]
"""How long before a deadline a reminder comes: up to 28 days."""
RemindBefore = Annotated[tuple[MinutesBefore, ...], Meta(max_length=10)]
"""The reminders of a deadline; empty for none."""
Moment = Annotated[datetime, Meta(tz=True)]

REMIND_BEFORE: RemindBefore = (1440, 720, 60)
"""The reminders of whoever has not chosen others."""
TASKS_LIMIT = 5000
"""Tasks of one person: open ones, those done within a year, and deleted ones."""
REPEATING_LIMIT = 200
"""Repeating ones among them: each has its occurrences in every list of days."""


class DigestTask(msgspec.Struct, frozen=True, kw_only=True):
    """A task as a digest lists it; `deadline` is local, `overdue` says that it has passed."""

    task_id: TaskId
    title: TaskTitle
    deadline: LocalTime
    overdue: bool


class PlannedReminder(msgspec.Struct, frozen=True, kw_only=True):
    """A reminder to come, `minutes_before` a deadline; `at` is when it comes, locally.

    With `hushed` the quiet hours have put it off to their end.
    """

    minutes_before: MinutesBefore
    at: LocalTime
    hushed: bool = False


class Plan(msgspec.Struct, frozen=True, kw_only=True):
    """How somebody will be reminded of a task, the first reminder first.

    `skipped` are the minutes of those that would have to be in the past already.
    """

    reminders: tuple[PlannedReminder, ...] = ()
    skipped: tuple[MinutesBefore, ...] = ()


def check_time_zone(name: str | None) -> None:
    """Raise ValueError for a zone that there is not."""
    if name is None:
        return
    try:
        ZoneInfo(name)
    except (KeyError, OSError, ValueError):
        raise ValueError(f"there is no time zone {name}") from None


def check_local_times(*times: str | None) -> None:
    """Raise ValueError for a day that no month has, such as the 31st of April."""
    for each in times:
        if each is not None:
            datetime.fromisoformat(each)
