"""One task in one of its occurrences, with the reminders to come."""

from datetime import datetime

from sqlalchemy import BigInteger, DateTime, and_, bindparam, func, select

from bus import Actor
from contracts.calendar import GetTask, NoTask, Task
from contracts.calendar.local_times import moment_of, read_local, say_local
from contracts.calendar.planning import coming
from database import calendar as tables
from database.reading import PERSON, Question, Reader
from database.rows import columns_of, read_as
from services.query.calendar.items import starts
from services.query.calendar.now import Here, here
from services.query.calendar.registration import router

_occurrence = bindparam("occurrence", type_=DateTime(timezone=False))
_done = and_(
    tables.Done.task_id == tables.Task.id,
    tables.Done.occurrence == func.coalesce(_occurrence, tables.Task.occurrence),
)
TASK = Question(
    select(*columns_of(tables.Task), *columns_of(tables.Done, "done_"))
    .outerjoin(tables.Done, _done)
    .where(tables.Task.id == bindparam("task", type_=BigInteger), tables.Task.person_id == PERSON)
)
"""A task and, if it is done, its occurrence: the one that is asked for, or the open one."""


@router.handle
async def get_task(query: GetTask, actor: Actor, db: Reader) -> Task | NoTask:
    """An occurrence that the task does not have is answered with the open one."""
    asked = read_local(query.occurrence) if query.occurrence else None
    row = await db.row(TASK, person=actor.person, task=query.task_id, occurrence=asked)
    if row is None or row["deleted_at"]:
        return NoTask(deleted=row is not None)
    task = read_as(tables.Task, row)
    occurrence = asked or task.occurrence
    done = read_as(tables.Done, row, "done_") if row["done_task_id"] else None
    place = await here(actor.person, db)
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
