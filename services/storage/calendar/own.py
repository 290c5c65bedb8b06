"""A task and its person's settings as a handler may change them: both held until it is done."""

from datetime import UTC, datetime
from typing import Literal, Protocol, cast

from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import insert

from bus import Actor
from contracts.base import PersonId
from contracts.calendar import TaskId, TaskRefused, Version
from contracts.calendar.local_times import local_of, moment_of, say_local
from database import Session
from database.calendar import Done, Owner, Task

Reason = Literal[
    "changed_meanwhile",
    "already_done",
    "passed",
    "starts_after_deadline",
    "no_such_occurrence",
    "too_many_repeating",
]


class Change(Protocol):
    """A command that changes the version of a task that the person saw."""

    @property
    def task_id(self) -> TaskId: ...

    @property
    def version(self) -> Version: ...


async def now(db: Session) -> datetime:
    """Return the time by PostgreSQL at which the handler began."""
    return cast(datetime, await db.scalar(select(func.now()))).astimezone(UTC)


async def owner_of(person_id: PersonId, db: Session, *, to_change: bool = False) -> Owner:
    """Return a person's settings, held until the transaction ends.

    Whoever changes them waits so long, and then plans again what was planned by the old ones.
    """
    own = select(Owner).where(Owner.person_id == person_id)
    wanted = own.with_for_update(read=not to_change)
    owner = await db.scalar(wanted)
    if owner is None:
        newcomer = insert(Owner).values(person_id=person_id)
        await db.execute(newcomer.on_conflict_do_nothing())
        owner = (await db.scalars(wanted)).one()
    return owner


async def seen(command: Change, actor: Actor, db: Session) -> Task | TaskRefused:
    """Return the open task as it was when the person saw it, or why it cannot be changed."""
    task = await find(command.task_id, actor, db)
    if task is None or task.deleted_at:
        return no_such_task(command.task_id, actor)
    if task.version != command.version:
        return refused(task, "changed_meanwhile")
    if task.done_at:
        return refused(task, "already_done")
    return task


async def find(task_id: TaskId, actor: Actor, db: Session) -> Task | None:
    """Return an own task, deleted or not, and hold it until the transaction ends."""
    own = (Task.id == task_id, Task.person_id == actor.person)
    return await db.scalar(select(Task).where(*own).with_for_update())


async def done_later(task: Task, db: Session) -> frozenset[datetime]:
    """Return the occurrences after the open one that are done already."""
    if task.repeat_every is None:
        return frozenset()
    later = (Done.task_id == task.id, Done.occurrence > task.occurrence)
    return frozenset(await db.scalars(select(Done.occurrence).where(*later)))


def changed(task: Task, at: datetime) -> None:
    """Make the next version of a task."""
    task.version += 1
    task.changed_at = at


def open_at(
    task: Task, occurrence: datetime, owner: Owner, deadline: datetime | None = None
) -> None:
    """Open an occurrence of a task, due at its time or at another; its start goes along."""
    if task.starts:
        task.starts += (deadline or occurrence) - task.deadline
    task.occurrence = occurrence
    task.time_zone = owner.zone
    task.due_at = moment_of(deadline or occurrence, owner.zone)
    task.deadline = local_of(task.due_at, owner.zone)
    task.snoozed_until = None


def no_such_task(task_id: TaskId, actor: Actor) -> TaskRefused:
    """Return the refusal for a task that is deleted, unknown, or somebody else's."""
    return TaskRefused(person_id=actor.person, reason="no_such_task", task_id=task_id)


def refused(task: Task, reason: Reason) -> TaskRefused:
    """Return the refusal of a change of a task."""
    return TaskRefused(
        person_id=task.person_id,
        reason=reason,
        task_id=task.id,
        title=task.title,
        deadline=say_local(task.deadline),
    )
