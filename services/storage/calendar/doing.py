"""Tasks are done and opened again; a repeating one is then due at its next occurrence."""

from datetime import datetime

from sqlalchemy import delete, select

from bus import Actor
from contracts.calendar import (
    DONE_TASKS_KEPT,
    FinishTask,
    Plan,
    ReopenTask,
    TaskFinished,
    TaskRefused,
    TaskReopened,
)
from contracts.calendar.local_times import local_of, moment_of, read_local, say_local
from database import Session
from database.calendar import Done, Owner, Task
from services.storage.calendar.own import (
    done_later,
    find,
    no_such_task,
    now,
    open_at,
    owner_of,
    refused,
)
from services.storage.calendar.registration import router
from services.storage.calendar.reminders import cancel, keep, plan, purge_at
from services.storage.schedule import Schedule


@router.handle
async def finish_task(
    command: FinishTask, actor: Actor, db: Session, schedule: Schedule
) -> TaskFinished | TaskRefused:
    """The next occurrence is the first in the future that is not done; those before were missed."""
    owner = await owner_of(actor.person, db)
    task, occurrence = await find(command.task_id, actor, db), read_local(command.occurrence)
    if task is None or task.deleted_at:
        return no_such_task(command.task_id, actor)
    was_done = await _done(task, occurrence, db) or await _done(task, meant(task, occurrence), db)
    if was_done:
        return refused(task, "already_done")
    occurrence = meant(task, occurrence)
    if not is_of(task, occurrence):
        return refused(task, "no_such_occurrence")
    at = await now(db)
    await _note(task, occurrence, at, db)
    if is_over(task, occurrence, at):
        await _go_on(task, occurrence, owner, at, db)
    if task.done_at:
        await cancel(task, owner, schedule)
        await purge_at(task.id, at + DONE_TASKS_KEPT, schedule)
        coming = Plan()
    else:
        coming = await plan(task, owner, at, db, schedule)
    return TaskFinished(
        person_id=actor.person,
        task_id=task.id,
        title=task.title,
        occurrence=say_local(occurrence),
        next_occurrence=None if task.done_at else say_local(task.occurrence),
        next_deadline=None if task.done_at else say_local(task.deadline),
        plan=coming,
    )


@router.handle
async def reopen_task(
    command: ReopenTask, actor: Actor, db: Session, schedule: Schedule
) -> TaskReopened | TaskRefused:
    """A repeating task goes back to an earlier occurrence; what was done after it stays done."""
    owner = await owner_of(actor.person, db)
    task, occurrence = await find(command.task_id, actor, db), read_local(command.occurrence)
    if task is None or task.deleted_at:
        return no_such_task(command.task_id, actor)
    done = await _done(task, occurrence, db)
    if done is None and occurrence != task.occurrence:
        return refused(task, "no_such_occurrence")
    if done:
        await db.delete(done)
        if occurrence <= task.occurrence:
            open_at(task, occurrence, owner, done.deadline)
        task.done_at = None
        await keep(task.id, schedule)
    coming = await plan(task, owner, await now(db), db, schedule)
    return TaskReopened(
        person_id=actor.person,
        task_id=task.id,
        title=task.title,
        occurrence=command.occurrence,
        deadline=say_local(task.deadline),
        plan=coming,
    )


def meant(task: Task, occurrence: datetime) -> datetime:
    """Return which occurrence a message is about: what does not repeat has one, wherever it is."""
    return occurrence if task.repeat_every else task.occurrence


def is_of(task: Task, occurrence: datetime) -> bool:
    """Whether a task is due then, by its rule."""
    return occurrence == task.occurrence or bool(task.series and task.series.has(occurrence))


def is_over(task: Task, occurrence: datetime, at: datetime) -> bool:
    """Whether the open occurrence is this one, or gives way to it: a later one, and it is late."""
    return occurrence == task.occurrence or (occurrence > task.occurrence and task.due_at <= at)


async def _note(task: Task, occurrence: datetime, at: datetime, db: Session) -> None:
    """Keep what was done for a year."""
    is_open = occurrence == task.occurrence
    by_rule = local_of(moment_of(occurrence, task.time_zone), task.time_zone)
    db.add(
        Done(
            task_id=task.id,
            occurrence=occurrence,
            person_id=task.person_id,
            deadline=task.deadline if is_open else by_rule,
            done_at=at,
        )
    )
    await db.flush()
    if task.repeat_every:
        old = (Done.task_id == task.id, Done.done_at < at - DONE_TASKS_KEPT)
        await db.execute(delete(Done).where(*old))


async def _go_on(task: Task, occurrence: datetime, owner: Owner, at: datetime, db: Session) -> None:
    """Open the next occurrence, or close the task where there is none."""
    following = None
    if task.series:
        passed = max(task.occurrence, local_of(at, owner.zone))
        following = task.series.next_open(passed, {occurrence, *await done_later(task, db)})
    if following is None:
        task.done_at = at
    else:
        open_at(task, following, owner)


async def _done(task: Task, occurrence: datetime, db: Session) -> Done | None:
    this = (Done.task_id == task.id, Done.occurrence == occurrence)
    return await db.scalar(select(Done).where(*this))
