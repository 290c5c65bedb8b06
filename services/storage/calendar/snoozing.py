"""Tasks are put off: a reminder comes again, and a deadline before that moves there."""

from datetime import timedelta

from sqlalchemy import exists, select

from bus import Actor
from contracts.calendar import SnoozeTask, TaskRefused, TaskSnoozed
from contracts.calendar.local_times import (
    local_of,
    moment_of,
    read_local,
    say_local,
    up_to_minute,
)
from database import Session
from database.calendar import Done
from services.storage.calendar.doing import is_of, is_over, meant
from services.storage.calendar.own import find, no_such_task, now, open_at, owner_of, refused
from services.storage.calendar.registration import router
from services.storage.calendar.reminders import plan
from services.storage.schedule import Schedule


@router.handle
async def snooze_task(
    command: SnoozeTask, actor: Actor, db: Session, schedule: Schedule
) -> TaskSnoozed | TaskRefused:
    """Of a repeating task this occurrence alone: the series goes on as it was."""
    owner = await owner_of(actor.person, db)
    task, occurrence = await find(command.task_id, actor, db), read_local(command.occurrence)
    if task is None or task.deleted_at:
        return no_such_task(command.task_id, actor)
    either = {occurrence, meant(task, occurrence)}
    was_done = exists().where(Done.task_id == task.id, Done.occurrence.in_(either))
    if await db.scalar(select(was_done)):
        return refused(task, "already_done")
    occurrence = meant(task, occurrence)
    at = await now(db)
    if not (is_of(task, occurrence) and is_over(task, occurrence, at)):
        return refused(task, "no_such_occurrence")
    if command.until:
        until = moment_of(read_local(command.until), owner.zone)
    else:
        until = up_to_minute(at + timedelta(minutes=command.minutes or 0))
    if until <= at:
        return refused(task, "passed")
    if occurrence != task.occurrence:
        open_at(task, occurrence, owner)
    moved = until > task.due_at
    if moved:
        task.due_at, task.deadline = until, local_of(until, owner.zone)
    task.snoozed_until = until
    await plan(task, owner, at, db, schedule)
    return TaskSnoozed(
        person_id=actor.person,
        task_id=task.id,
        title=task.title,
        occurrence=say_local(occurrence),
        until=say_local(local_of(until, owner.zone)),
        deadline=say_local(task.deadline),
        moved=moved,
    )
