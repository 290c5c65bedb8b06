"""Tasks are added, or a change of one is refused."""

from typing import Literal

from contracts.base import Command, Event, PersonId
from contracts.calendar.fields import (
    LocalTime,
    Plan,
    RemindBefore,
    TaskId,
    TaskNote,
    TaskTitle,
    Version,
    check_local_times,
    check_time_zone,
)
from contracts.calendar.repeating import Repeat
from contracts.people import TimeZoneName


class TaskAdded(Event, frozen=True, kw_only=True):
    """A person has a new task.

    A repeating one begins with the first day that its rule allows: `deadline` may be later than
    was asked for. In the hour that a change of clocks leaves out, it is an hour later.
    """

    person_id: PersonId
    task_id: TaskId
    version: Version
    title: TaskTitle
    occurrence: LocalTime
    deadline: LocalTime
    time_zone: TimeZoneName
    starts: LocalTime | None
    repeat: Repeat | None
    plan: Plan


class TaskRefused(Event, frozen=True, kw_only=True):
    """A task was not added, or not changed, for a reason its person can act on.

    `passed`: the deadline, or the moment to snooze until, is in the past. `allowed` is a number of
    tasks, or of repeating ones, where those are too many. `no_such_occurrence`: the task is not due
    then, or that occurrence gave way to another.
    """

    person_id: PersonId
    reason: Literal[
        "no_such_task",
        "changed_meanwhile",
        "already_done",
        "too_many_tasks",
        "too_many_repeating",
        "passed",
        "starts_after_deadline",
        "no_such_occurrence",
    ]
    task_id: int = 0
    title: str = ""
    deadline: str = ""
    allowed: int = 0


class AddTask(Command[TaskAdded | TaskRefused], frozen=True, kw_only=True):
    """Add a task, with the deadline as the person's clock will show it.

    `remind_before` None is the person's own default. `time_zone` is that of the clock, as who sends
    this knows it: whoever has only just come is known to the calendar a moment later.
    """

    title: TaskTitle
    deadline: LocalTime
    starts: LocalTime | None = None
    note: TaskNote = ""
    repeat: Repeat | None = None
    remind_before: RemindBefore | None = None
    time_zone: TimeZoneName | None = None

    def __post_init__(self) -> None:
        check_local_times(self.deadline, self.starts)
        check_time_zone(self.time_zone)
