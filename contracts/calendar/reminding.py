"""What the clock brings: reminders of tasks, and the digest of a day."""

from datetime import date
from typing import Annotated, Literal

from msgspec import Meta

from contracts.base import Command, Event, Language, PersonId
from contracts.calendar.fields import (
    DigestTask,
    LocalTime,
    Moment,
    TaskId,
    TaskNote,
    TaskTitle,
)
from contracts.people import TimeZoneName

OffsetMinutes = Annotated[int, Meta(ge=0, le=40320)]
"""Minutes before a deadline; 0 stands for a reminder that was snoozed."""


class TaskDue(Event, frozen=True, kw_only=True):
    """Somebody is to be reminded of a task.

    `minutes_left` counts to the deadline at `due_at`, locally `deadline`; negative: it has passed.
    With `late` the reminder should have come at `was_due`. After `not_after` it helps no more.
    """

    person_id: PersonId
    task_id: TaskId
    title: TaskTitle
    note: TaskNote
    occurrence: LocalTime
    deadline: LocalTime
    due_at: Moment
    minutes_before: OffsetMinutes
    minutes_left: int
    repeats: bool
    late: bool
    was_due: LocalTime
    not_after: Moment
    language: Language
    time_zone: TimeZoneName


class TaskReminderSkipped(Event, frozen=True, kw_only=True):
    """A reminder was due, and made no sense any more.

    `moved`: the task, the clock of its person or their quiet hours changed, and it is planned for
    another moment. `overtaken`: a nearer reminder is due, too. `long_past`: so is the deadline.
    """

    person_id: PersonId
    task_id: TaskId
    reason: Literal["no_such_task", "done", "moved", "overtaken", "long_past"]


class RemindOfTask(Command[TaskDue | TaskReminderSkipped], frozen=True, kw_only=True):
    """Remind of an occurrence `minutes_before` its deadline; sent by the clock at `planned_at`."""

    task_id: TaskId
    occurrence: LocalTime
    minutes_before: OffsetMinutes
    planned_at: Moment


class DigestDue(Event, frozen=True, kw_only=True):
    """Somebody is to be told what a day of theirs holds.

    `tasks` are the first of all: `overdue` ones and those `due` that day. After `not_after` the
    day is over.
    """

    person_id: PersonId
    day: date
    overdue: int
    due: int
    tasks: tuple[DigestTask, ...]
    not_after: Moment
    language: Language
    time_zone: TimeZoneName


class DigestSkipped(Event, frozen=True, kw_only=True):
    """A digest was due, and is not told: it is off, at another time, told, or of a past day."""

    person_id: PersonId
    reason: Literal["nothing", "off", "moved", "told", "day_over"]


class SendDigest(Command[DigestDue | DigestSkipped], frozen=True, kw_only=True):
    """Tell the acting person what their `day` holds; sent by the clock at `planned_at`."""

    day: date
    planned_at: Moment


class TimeZoneFollowed(Event, frozen=True, kw_only=True):
    """Somebody's zone is another since a moment: their open `tasks` kept their clock times."""

    person_id: PersonId
    since: Moment
    tasks: int
    language: Language
    time_zone: TimeZoneName
