"""Tasks are done, opened again, and put off; of a repeating one that occurrence alone."""

from typing import Annotated

from msgspec import Meta

from contracts.base import Command, Event, PersonId
from contracts.calendar.adding import TaskRefused
from contracts.calendar.fields import LocalTime, Plan, TaskId, TaskTitle, check_local_times

SnoozeMinutes = Annotated[int, Meta(ge=1, le=40320)]


class TaskFinished(Event, frozen=True, kw_only=True):
    """A task is done, or one occurrence of it: then it is due again at `next_deadline`.

    `plan` are the reminders of what comes next, nothing where nothing does.
    """

    person_id: PersonId
    task_id: TaskId
    title: TaskTitle
    occurrence: LocalTime
    next_occurrence: LocalTime | None = None
    next_deadline: LocalTime | None = None
    plan: Plan = Plan()


class TaskReopened(Event, frozen=True, kw_only=True):
    """What was done is to be done again; a repeating task went back to that occurrence."""

    person_id: PersonId
    task_id: TaskId
    title: TaskTitle
    occurrence: LocalTime
    deadline: LocalTime
    plan: Plan


class TaskSnoozed(Event, frozen=True, kw_only=True):
    """A reminder of this occurrence comes again at `until`; those planned before it do not.

    With `moved` that is after its deadline, which therefore is `until` from now on.
    """

    person_id: PersonId
    task_id: TaskId
    title: TaskTitle
    occurrence: LocalTime
    until: LocalTime
    deadline: LocalTime
    moved: bool


class FinishTask(Command[TaskFinished | TaskRefused], frozen=True, kw_only=True):
    """Note that an occurrence of a task is done, the one that the person saw.

    Also one before or after that which is due: a repeating task leaves out what is done. One that
    does not repeat is done also where it was moved since.
    """

    task_id: TaskId
    occurrence: LocalTime

    def __post_init__(self) -> None:
        check_local_times(self.occurrence)


class ReopenTask(Command[TaskReopened | TaskRefused], frozen=True, kw_only=True):
    """Undo that an occurrence of a task is done; one that is not done is open already."""

    task_id: TaskId
    occurrence: LocalTime

    def __post_init__(self) -> None:
        check_local_times(self.occurrence)


class SnoozeTask(Command[TaskSnoozed | TaskRefused], frozen=True, kw_only=True):
    """Be reminded again in `minutes`, or at the local time `until`: one of both is said."""

    task_id: TaskId
    occurrence: LocalTime
    minutes: SnoozeMinutes | None = None
    until: LocalTime | None = None

    def __post_init__(self) -> None:
        check_local_times(self.occurrence, self.until)
        if (self.minutes is None) == (self.until is None):
            raise ValueError("a task is snoozed for some time or until a time")
