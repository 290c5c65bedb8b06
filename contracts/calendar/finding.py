"""Tasks are listed by day, found by words, and looked up."""

from datetime import date
from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from contracts.base import Page, Query, Reply
from contracts.calendar.fields import (
    LocalTime,
    PlannedReminder,
    RemindBefore,
    TaskId,
    TaskNote,
    TaskTitle,
    Version,
)
from contracts.calendar.repeating import Repeat
from contracts.documents import SearchWords
from contracts.people import TimeZoneName


class TaskItem(msgspec.Struct, frozen=True, kw_only=True):
    """An occurrence of a task as a list shows it, below its local `day`.

    `done_at` is when it was done, locally, None while it is open. `snoozed_until` is when a
    reminder comes again.
    """

    task_id: TaskId
    occurrence: LocalTime
    title: TaskTitle
    deadline: LocalTime
    day: date
    overdue: bool
    repeats: bool
    has_note: bool = False
    starts: LocalTime | None = None
    snoozed_until: LocalTime | None = None
    done_at: LocalTime | None = None


class TaskPage(Reply, frozen=True, kw_only=True):
    """Occurrences of tasks, overdue ones first, then by their deadlines; done ones last done first.

    `total` counts all, `overdue` those of them that are; with `more` there are others beyond the
    `total`. `today` and `now` are where the person is.
    """

    tasks: tuple[TaskItem, ...]
    total: int
    overdue: int
    today: date
    now: LocalTime
    time_zone: TimeZoneName
    more: bool = False


class ListTasks(Query[TaskPage], frozen=True, kw_only=True):
    """What has the acting person to do, or done?

    `today` is what is overdue or due today, `week` what is overdue or due today and in the six
    days after; both with each occurrence of what repeats. `all` has each open task once.
    """

    view: Literal["today", "week", "all", "done"]
    page: Page = Page()


class ListDay(Query[TaskPage], frozen=True, kw_only=True):
    """What is open on a day of the acting person?"""

    day: date
    page: Page = Page()


class SearchTasks(Query[TaskPage], frozen=True, kw_only=True):
    """Which tasks of the acting person have all these words in title or note? Open ones first."""

    words: SearchWords
    page: Page = Page()


class MonthDay(msgspec.Struct, frozen=True, kw_only=True):
    """A day of a month on which something is open, overdue where its time has passed."""

    day: Annotated[int, Meta(ge=1, le=31)]
    tasks: int
    overdue: bool


class Month(Reply, frozen=True, kw_only=True):
    """The days of a month that hold something; `overdue` counts all open tasks that are late."""

    year: int
    month: int
    days: tuple[MonthDay, ...]
    overdue: int
    today: date
    time_zone: TimeZoneName


class GetMonth(Query[Month], frozen=True, kw_only=True):
    """What does a month of the acting person hold?"""

    year: Annotated[int, Meta(ge=2000, le=2099)]
    month: Annotated[int, Meta(ge=1, le=12)]


class Task(Reply, frozen=True, kw_only=True):
    """A task in one of its occurrences: the open one unless asked.

    `remind_before` is its own, None where it follows its person's settings; `reminders` are those
    to come, of a late occurrence those of the next one, with that of a snooze left out. `done_at`
    is None while the occurrence is open.
    """

    task_id: TaskId
    version: Version
    title: TaskTitle
    note: TaskNote
    occurrence: LocalTime
    deadline: LocalTime
    day: date
    overdue: bool
    starts: LocalTime | None
    repeat: Repeat | None
    remind_before: RemindBefore | None
    reminders: tuple[PlannedReminder, ...]
    snoozed_until: LocalTime | None
    done_at: LocalTime | None
    today: date
    now: LocalTime
    time_zone: TimeZoneName


class NoTask(Reply, frozen=True, kw_only=True):
    """There is no such task of the acting person; `deleted` where it could be restored."""

    deleted: bool = False


class GetTask(Query[Task | NoTask], frozen=True, kw_only=True):
    """What is known of a task of the acting person? None stands for its open occurrence."""

    task_id: TaskId
    occurrence: LocalTime | None = None
