"""Tasks are deleted, come back, and are purged when their time is over."""

from sqlalchemy import delete, func, or_, select

from bus import Actor
from contracts.calendar import (
    DELETED_TASKS_KEPT,
    DONE_TASKS_KEPT,
    DeleteTask,
    PurgeTask,
    RestoreTask,
    TaskDeleted,
    TaskPurged,
    TaskRefused,
    TaskRestored,
    TaskSpared,
)
from contracts.calendar.local_times import say_local
from database import Session
from database.calendar import Task
from services.storage.calendar.own import changed, find, no_such_task, now, owner_of, refused
from services.storage.calendar.registration import router
from services.storage.calendar.reminders import cancel, follow, keep, plan, purge_at
from services.storage.schedule import Schedule


@router.handle
async def delete_task(
    command: DeleteTask, actor: Actor, db: Session, schedule: Schedule
) -> TaskDeleted | TaskRefused:
    """Also one that is done."""
    owner = await owner_of(actor.person, db)
    task = await find(command.task_id, actor, db)
    if task is None or task.deleted_at:
        return no_such_task(command.task_id, actor)
    if task.version != command.version:
        return refused(task, "changed_meanwhile")
    at = await now(db)
    task.deleted_at = at
    changed(task, at)
    await cancel(task, owner, schedule)
    await purge_at(task.id, at + DELETED_TASKS_KEPT, schedule)
    return TaskDeleted(person_id=actor.person, task_id=task.id, title=task.title)


@router.handle
async def restore_task(
    command: RestoreTask, actor: Actor, db: Session, schedule: Schedule
) -> TaskRestored | TaskRefused:
    """Its zone may be another by now; what was done meanwhile is nothing."""
    owner = await owner_of(actor.person, db)
    task = await find(command.task_id, actor, db)
    if task is None:
        return no_such_task(command.task_id, actor)
    at = await now(db)
    if task.deleted_at:
        task.deleted_at = None
        follow(task, owner)
        changed(task, at)
    if task.done_at:
        await purge_at(task.id, task.done_at + DONE_TASKS_KEPT, schedule)
    else:
        await keep(task.id, schedule)
    return TaskRestored(
        person_id=actor.person,
        task_id=task.id,
        title=task.title,
        deadline=say_local(task.deadline),
        plan=await plan(task, owner, at, db, schedule),
    )


@router.handle
async def purge_task(command: PurgeTask, actor: Actor, db: Session) -> TaskPurged | TaskSpared:
    """Who restored it, opened it again or deleted it again since, keeps it."""
    over = (
        Task.id == command.task_id,
        Task.person_id == actor.person,
        or_(
            Task.deleted_at <= func.now() - DELETED_TASKS_KEPT,
            Task.done_at <= func.now() - DONE_TASKS_KEPT,
        ),
    )
    task_id = await db.scalar(select(Task.id).where(*over).with_for_update())
    if task_id is None:
        return TaskSpared(person_id=actor.person, task_id=command.task_id)
    await db.execute(delete(Task).where(Task.id == task_id))
    return TaskPurged(person_id=actor.person, task_id=task_id)
