"""Reminders that are due are told, unless the rows as they are now say otherwise."""

from datetime import datetime, timedelta
from typing import Literal, NamedTuple

from sqlalchemy import func, select

from bus import Actor
from contracts.calendar import RemindOfTask, TaskDue, TaskReminderSkipped
from contracts.calendar.local_times import local_of, moment_of, read_local, say_local
from contracts.calendar.planning import (
    LONG_PAST,
    Clock,
    Course,
    due_by_rule,
    moment_of_reminder,
    nearer_is_due,
)
from database import Session
from database.calendar import Owner, Task
from services.storage.calendar.own import done_later, open_at
from services.storage.calendar.registration import router
from services.storage.calendar.reminders import SNOOZED, plan_next
from services.storage.schedule import Schedule

LATE = timedelta(minutes=5)
"""A reminder that comes so much after its time says when that was."""
OF_USE = timedelta(hours=12)
"""After the deadline; the last reminder that waits in a stream for longer helps nobody."""

_Reason = Literal["done", "moved", "overtaken", "long_past"]


class _Due(NamedTuple):
    """A reminder as it should come by the rows as they are now; `nearer` is when the next does."""

    occurrence: datetime
    due_at: datetime
    planned_at: datetime
    nearer: datetime | None


@router.handle
async def remind_of_task(
    command: RemindOfTask, actor: Actor, db: Session, schedule: Schedule
) -> TaskDue | TaskReminderSkipped:
    """With its first reminder a later occurrence opens, unless the open one was put off beyond.

    Of several occurrences whose reminders were held up the last is told.
    """
    found = await _find(command, actor, db)
    if found is None:
        return TaskReminderSkipped(
            person_id=actor.person, task_id=command.task_id, reason="no_such_task"
        )
    task, owner, at = found
    minutes = command.minutes_before
    course = task.course(owner, await done_later(task, db))
    due = _due(command, task, course, owner.clock)
    reason = due if isinstance(due, str) else _why_not(command, due, course, owner.clock, at)
    if task.repeat_every and not task.done_at and minutes != SNOOZED:
        after = at
        if isinstance(due, _Due) and reason != "moved":  # it does not come again
            course = course._replace(occurrence=due.occurrence, due_at=due.due_at)
            after = max(due.planned_at, at - LONG_PAST - timedelta(minutes=minutes))
        following = plan_next(task.id, minutes, course, owner.clock, after)
        await schedule.all([following] if following else [])
        if following and following.due_at <= at:
            reason = reason or "overtaken"
    if reason or isinstance(due, str):
        return TaskReminderSkipped(
            person_id=actor.person, task_id=task.id, reason=reason or "moved"
        )
    if due.occurrence != task.occurrence and task.due_at <= max(at, due.planned_at):
        open_at(task, due.occurrence, owner)
    return _told(command, task, due, owner, at)


async def _find(
    command: RemindOfTask, actor: Actor, db: Session
) -> tuple[Task, Owner, datetime] | None:
    """Return the task, held until the transaction ends, its person's settings, and the time.

    All in one statement: very many reminders are due at the beginning of an hour. What plans a
    further one reads the settings once the task is held: whoever changes them plans it after this.
    """
    wanted = (
        select(Task, Owner, func.now())
        .outerjoin(Owner, Owner.person_id == Task.person_id)
        .where(
            Task.id == command.task_id,
            Task.person_id == actor.person,
            Task.deleted_at.is_(None),
        )
        .with_for_update(of=Task)
    )
    row = (await db.execute(wanted)).one_or_none()
    if row is None:
        return None
    task, at = row[0], row[2]
    owner: Owner | None = row[1]
    if owner is None:
        owner = Owner(person_id=actor.person)
    elif task.repeat_every or task.time_zone != owner.zone:
        await db.refresh(owner)
    return task, owner, at


def _due(command: RemindOfTask, task: Task, course: Course, clock: Clock) -> _Due | _Reason:
    """Return when this reminder should come, or why it should not any more."""
    occurrence = read_local(command.occurrence)
    if task.done_at:
        return "done"
    if occurrence == course.occurrence:
        due_at = course.due_at
    elif course.series is None or not course.series.has(occurrence):
        return "moved"
    elif occurrence < course.occurrence or occurrence in course.done:
        return "done"
    else:
        due_at = moment_of(occurrence, clock.time_zone)
    if command.minutes_before == SNOOZED:
        again = course.snoozed_until
        return _Due(occurrence, due_at, again, None) if again else "moved"
    if command.minutes_before not in course.offsets:
        return "moved"
    planned_at, _ = moment_of_reminder(due_at, command.minutes_before, clock)
    nearer = nearer_is_due(due_at, command.minutes_before, course, clock)
    return _Due(occurrence, due_at, planned_at, nearer)


def _why_not(
    command: RemindOfTask, due: _Due, course: Course, clock: Clock, at: datetime
) -> _Reason | None:
    is_planned = due.planned_at == command.planned_at
    if due.planned_at > at and not is_planned:
        return "moved"
    if command.minutes_before != SNOOZED:
        silent_until = course.snoozed_until
        if due.occurrence > course.occurrence:
            silent_until = due_by_rule(course, clock)
        if silent_until and due.planned_at <= silent_until:
            return "moved"
        if due.nearer and due.nearer <= at:
            return "overtaken"
    return "long_past" if at - due.due_at > LONG_PAST else None


def _told(command: RemindOfTask, task: Task, due: _Due, owner: Owner, at: datetime) -> TaskDue:
    minutes_left = (due.due_at - at).total_seconds() / 60
    return TaskDue(
        person_id=task.person_id,
        task_id=task.id,
        title=task.title,
        note=task.note,
        occurrence=command.occurrence,
        deadline=say_local(local_of(due.due_at, owner.zone)),
        due_at=due.due_at,
        minutes_before=command.minutes_before,
        minutes_left=round(minutes_left),
        repeats=task.repeat_every is not None,
        late=at - due.planned_at > LATE,
        was_due=say_local(local_of(due.planned_at, owner.zone)),
        not_after=due.nearer or max(due.due_at, at) + OF_USE,
        language=owner.says,
        time_zone=owner.zone,
    )
