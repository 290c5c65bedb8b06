"""Each field of a task is changed by itself, in the version that the person saw."""

from contracts.base import Command, Event, PersonId
from contracts.calendar.adding import TaskRefused
from contracts.calendar.fields import (
    LocalTime,
    Plan,
    RemindBefore,
    TaskId,
    TaskNote,
    TaskTitle,
    Version,
    check_local_times,
)
from contracts.calendar.repeating import Repeat


class TaskRenamed(Event, frozen=True, kw_only=True):
    """A task has another title."""

    person_id: PersonId
    task_id: TaskId
    version: Version
    title: TaskTitle


class TaskMoved(Event, frozen=True, kw_only=True):
    """A task has another deadline, and other reminders with it; its start went along.

    A repeating task goes on from there.
    """

    person_id: PersonId
    task_id: TaskId
    version: Version
    title: TaskTitle
    occurrence: LocalTime
    deadline: LocalTime
    starts: LocalTime | None
    plan: Plan


class StartChanged(Event, frozen=True, kw_only=True):
    """A task starts at another time, or has no start any more."""

    person_id: PersonId
    task_id: TaskId
    version: Version
    title: TaskTitle
    starts: LocalTime | None


class TaskNoteChanged(Event, frozen=True, kw_only=True):
    """A task has this note from now on; empty when it was removed."""

    person_id: PersonId
    task_id: TaskId
    version: Version
    title: TaskTitle
    note: TaskNote


class RepeatChanged(Event, frozen=True, kw_only=True):
    """A task repeats in another way, or not any more; its deadline may have moved to fit."""

    person_id: PersonId
    task_id: TaskId
    version: Version
    title: TaskTitle
    repeat: Repeat | None
    occurrence: LocalTime
    deadline: LocalTime
    plan: Plan


class TaskRemindersChanged(Event, frozen=True, kw_only=True):
    """A task has other reminders; with `remind_before` None those of its person's settings."""

    person_id: PersonId
    task_id: TaskId
    version: Version
    title: TaskTitle
    deadline: LocalTime
    remind_before: RemindBefore | None
    plan: Plan


class RenameTask(Command[TaskRenamed | TaskRefused], frozen=True, kw_only=True):
    """Rename the version of a task that the person saw."""

    task_id: TaskId
    version: Version
    title: TaskTitle


class MoveTask(Command[TaskMoved | TaskRefused], frozen=True, kw_only=True):
    """Set another deadline, as the person's clock will show it."""

    task_id: TaskId
    version: Version
    deadline: LocalTime

    def __post_init__(self) -> None:
        check_local_times(self.deadline)


class ChangeStart(Command[StartChanged | TaskRefused], frozen=True, kw_only=True):
    """Set when a task starts, not after its deadline, or with None that it has no start."""

    task_id: TaskId
    version: Version
    starts: LocalTime | None

    def __post_init__(self) -> None:
        check_local_times(self.starts)


class ChangeTaskNote(Command[TaskNoteChanged | TaskRefused], frozen=True, kw_only=True):
    """Add, change or, with an empty one, remove the note of a task."""

    task_id: TaskId
    version: Version
    note: TaskNote


class ChangeRepeat(Command[RepeatChanged | TaskRefused], frozen=True, kw_only=True):
    """Have a task repeat from its deadline on, or with None not any more."""

    task_id: TaskId
    version: Version
    repeat: Repeat | None


class ChangeTaskReminders(Command[TaskRemindersChanged | TaskRefused], frozen=True, kw_only=True):
    """Give a task reminders of its own; None for those of the person's settings."""

    task_id: TaskId
    version: Version
    remind_before: RemindBefore | None
