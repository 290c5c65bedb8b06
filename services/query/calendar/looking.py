"""One task in one of its occurrences, with the reminders to come."""

from datetime import datetime

from sqlalchemy import select

from bus import Actor
from contracts.calendar import GetTask, NoTask, Task
from contracts.calendar.local_times import moment_of, read_local, say_local
from contracts.calendar.planning import coming
from database import Session
from database import calendar as tables
from services.query.calendar.items import starts
from services.query.calendar.now import Here, here
from services.query.calendar.registration import router


@router.handle
async def get_task(query: GetTask, actor: Actor, db: Session) -> Task | NoTask:
    """An occurrence that the task does not have is answered with the open one."""
    own = (tables.Task.id == query.task_id, tables.Task.person_id == actor.person)
    task = await db.scalar(select(tables.Task).where(*own))
    if task is None or task.deleted_at:
        return NoTask(deleted=task is not None)
    place = await here(actor.person, db)
    occurrence = read_local(query.occurrence) if query.occurrence else task.occurrence
    done = await db.get(tables.Done, (task.id, occurrence))
    if not done and not (task.series and task.series.has(occurrence)):
        occurrence = task.occurrence
    return _described(task, occurrence, done, place)


def _described(
    task: tables.Task, occurrence: datetime, done: tables.Done | None, place: Here
) -> Task:
    is_open = occurrence == task.occurrence and not done
    due_at = task.due_at if is_open else moment_of(occurrence, place.owner.zone)
    deadline = done.deadline if done else place.local_of(due_at)
    course = task.course(place.owner)._replace(occurrence=occurrence, due_at=due_at)
    snoozed = task.snoozed_until if is_open else None
    if not is_open:
        course = course._replace(snoozed_until=None)
    reminders = () if done else coming(course, place.owner.clock, place.moment)
    own = task.remind_before
    return Task(
        task_id=task.id,
        version=task.version,
        title=task.title,
        note=task.note,
        occurrence=say_local(occurrence),
        deadline=say_local(deadline),
        day=deadline.date(),
        overdue=not done and due_at <= place.moment,
        starts=starts(task, deadline),
        repeat=task.repeat,
        remind_before=None if own is None else tuple(own),
        reminders=reminders,
        snoozed_until=say_local(place.local_of(snoozed))
        if snoozed and snoozed > place.moment
        else None,
        done_at=say_local(place.local_of(done.done_at)) if done else None,
        today=place.today,
        now=place.clock,
        time_zone=place.owner.zone,
    )
