"""Fields of tasks are changed, each by itself, and what was planned by them is planned anew."""

from msgspec.structs import replace

from bus import Actor
from contracts.calendar import (
    REPEATING_LIMIT,
    ChangeRepeat,
    ChangeStart,
    ChangeTaskNote,
    ChangeTaskReminders,
    MoveTask,
    RenameTask,
    Repeat,
    RepeatChanged,
    StartChanged,
    TaskMoved,
    TaskNoteChanged,
    TaskRefused,
    TaskRemindersChanged,
    TaskRenamed,
)
from contracts.calendar.local_times import moment_of, read_local, say_local
from contracts.calendar.occurrences import Series
from database import Session
from database.calendar import Owner, Task
from services.storage.calendar.adding import exceeded, in_order
from services.storage.calendar.own import changed, now, open_at, owner_of, refused, seen
from services.storage.calendar.registration import router
from services.storage.calendar.reminders import cancel, plan
from services.storage.names import tidy, tidy_lines
from services.storage.schedule import Schedule


@router.handle
async def rename_task(command: RenameTask, actor: Actor, db: Session) -> TaskRenamed | TaskRefused:
    task = await seen(command, actor, db)
    if isinstance(task, TaskRefused):
        return task
    task.title = tidy(command.title)
    changed(task, await now(db))
    return TaskRenamed(
        person_id=actor.person, task_id=task.id, version=task.version, title=task.title
    )


@router.handle
async def change_task_note(
    command: ChangeTaskNote, actor: Actor, db: Session
) -> TaskNoteChanged | TaskRefused:
    task = await seen(command, actor, db)
    if isinstance(task, TaskRefused):
        return task
    task.note = tidy_lines(command.note)
    changed(task, await now(db))
    return TaskNoteChanged(
        person_id=actor.person,
        task_id=task.id,
        version=task.version,
        title=task.title,
        note=task.note,
    )


@router.handle
async def change_start(
    command: ChangeStart, actor: Actor, db: Session
) -> StartChanged | TaskRefused:
    task = await seen(command, actor, db)
    if isinstance(task, TaskRefused):
        return task
    starts = read_local(command.starts) if command.starts else None
    if starts and starts > task.deadline:
        return refused(task, "starts_after_deadline")
    task.starts = starts
    changed(task, await now(db))
    return StartChanged(
        person_id=actor.person,
        task_id=task.id,
        version=task.version,
        title=task.title,
        starts=command.starts,
    )


@router.handle
async def move_task(
    command: MoveTask, actor: Actor, db: Session, schedule: Schedule
) -> TaskMoved | TaskRefused:
    """A repeating task counts from the new deadline on; what was done stays done."""
    owner = await owner_of(actor.person, db)
    task = await seen(command, actor, db)
    if isinstance(task, TaskRefused):
        return task
    anchor, at = read_local(command.deadline), await now(db)
    repeat = task.repeat
    occurrence = Series(repeat, anchor).first() if repeat else anchor
    if moment_of(occurrence, owner.zone) <= at:
        return refused(task, "passed")
    task.anchor = anchor
    open_at(task, occurrence, owner)
    changed(task, at)
    return TaskMoved(
        person_id=actor.person,
        task_id=task.id,
        version=task.version,
        title=task.title,
        occurrence=say_local(task.occurrence),
        deadline=say_local(task.deadline),
        starts=say_local(task.starts) if task.starts else None,
        plan=await plan(task, owner, at, db, schedule),
    )


@router.handle
async def change_repeat(
    command: ChangeRepeat, actor: Actor, db: Session, schedule: Schedule
) -> RepeatChanged | TaskRefused:
    """Counted from the deadline on; a day that the rule leaves out moves it to the next one.

    An occurrence that was put off stays so where the rule has it, too.
    """
    owner = await owner_of(actor.person, db)
    task = await seen(command, actor, db)
    if isinstance(task, TaskRefused):
        return task
    if (
        command.repeat
        and not task.repeat_every
        and await exceeded(actor, db, repeating=True) == "too_many_repeating"
    ):
        return replace(refused(task, "too_many_repeating"), allowed=REPEATING_LIMIT)
    at = await now(db)
    if command.repeat != task.repeat:  # else a month's last day would become the day of each
        _repeat_from_here(task, command.repeat, owner)
    changed(task, at)
    return RepeatChanged(
        person_id=actor.person,
        task_id=task.id,
        version=task.version,
        title=task.title,
        repeat=command.repeat,
        occurrence=say_local(task.occurrence),
        deadline=say_local(task.deadline),
        plan=await plan(task, owner, at, db, schedule),
    )


def _repeat_from_here(task: Task, repeat: Repeat | None, owner: Owner) -> None:
    task.anchor = task.occurrence if task.repeat_every else task.deadline
    task.repeat = repeat
    occurrence = task.series.first() if task.series else task.anchor
    if occurrence != task.occurrence:
        open_at(task, occurrence, owner)


@router.handle
async def change_task_reminders(
    command: ChangeTaskReminders, actor: Actor, db: Session, schedule: Schedule
) -> TaskRemindersChanged | TaskRefused:
    owner = await owner_of(actor.person, db)
    task = await seen(command, actor, db)
    if isinstance(task, TaskRefused):
        return task
    at = await now(db)
    await cancel(task, owner, schedule)
    own = command.remind_before
    task.remind_before = None if own is None else in_order(own)
    changed(task, at)
    return TaskRemindersChanged(
        person_id=actor.person,
        task_id=task.id,
        version=task.version,
        title=task.title,
        deadline=say_local(task.deadline),
        remind_before=None if task.remind_before is None else tuple(task.remind_before),
        plan=await plan(task, owner, at, db, schedule),
    )
