"""Deleted tasks come back within thirty days, and vanish."""

from datetime import timedelta

from contracts.base import Command, Event, PersonId
from contracts.calendar.adding import TaskRefused
from contracts.calendar.fields import LocalTime, Plan, TaskId, TaskTitle, Version

DELETED_TASKS_KEPT = timedelta(days=30)
"""How long a deleted task can be restored."""
DONE_TASKS_KEPT = timedelta(days=366)
"""How long what was done is shown."""


class TaskDeleted(Event, frozen=True, kw_only=True):
    """A task is gone from the views and reminds of nothing; it can be restored."""

    person_id: PersonId
    task_id: TaskId
    title: TaskTitle


class TaskRestored(Event, frozen=True, kw_only=True):
    """A deleted task is back."""

    person_id: PersonId
    task_id: TaskId
    title: TaskTitle
    deadline: LocalTime
    plan: Plan


class TaskPurged(Event, frozen=True, kw_only=True):
    """A task that was deleted, or done long ago, is gone for good."""

    person_id: PersonId
    task_id: TaskId


class TaskSpared(Event, frozen=True, kw_only=True):
    """A task was to be purged, but it is in use again, or its time is not over yet."""

    person_id: PersonId
    task_id: TaskId


class DeleteTask(Command[TaskDeleted | TaskRefused], frozen=True, kw_only=True):
    """Delete the version of a task that the person saw, all its occurrences."""

    task_id: TaskId
    version: Version


class RestoreTask(Command[TaskRestored | TaskRefused], frozen=True, kw_only=True):
    """Undo a deletion; a task that is not deleted is restored already."""

    task_id: TaskId


class PurgeTask(Command[TaskPurged | TaskSpared], frozen=True, kw_only=True):
    """Forget a task whose time is over; sent by the clock."""

    task_id: TaskId
