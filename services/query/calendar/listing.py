"""What there is to do: today, within a week, on a day, at all; and what was done."""

from datetime import datetime, timedelta

from sqlalchemy import Select, func, select

from bus import Actor
from contracts.base import Page
from contracts.calendar import ListDay, ListTasks, TaskPage
from contracts.calendar.agenda import Entry
from contracts.calendar.local_times import beginning_of
from database import Session
from database.calendar import OPEN, Done, Task
from services.query.calendar.items import agenda, item, opened, page_of
from services.query.calendar.now import Here, here
from services.query.calendar.registration import router

DAY = timedelta(days=1)
WEEK = timedelta(days=7)


@router.handle
async def list_tasks(query: ListTasks, actor: Actor, db: Session) -> TaskPage:
    place = await here(actor.person, db)
    match query.view:
        case "today" | "week":
            days = DAY if query.view == "today" else WEEK
            until = beginning_of(place.today + days, place.owner.zone)
            return page_of(await agenda(place, until, db), query.page, place)
        case "all":
            return await _all(query.page, place, db)
        case "done":
            return await _done(query.page, place, db)


@router.handle
async def list_day(query: ListDay, actor: Actor, db: Session) -> TaskPage:
    place = await here(actor.person, db)
    begins, ends = (beginning_of(query.day + each * DAY, place.owner.zone) for each in range(2))
    until_then = await agenda(place, ends, db, since=begins)
    found = [each for each in until_then if each[1].due_at >= begins]
    return page_of(found, query.page, place)


async def _all(page: Page, place: Here, db: Session) -> TaskPage:
    own = (Task.person_id == place.owner.person_id, *OPEN)
    total, overdue = (await db.execute(counted(place.moment).where(*own))).one()
    ordered = select(Task).where(*own).order_by(Task.due_at, Task.id)
    tasks = await db.scalars(ordered.offset(page.offset).limit(page.limit))
    return TaskPage(
        tasks=tuple(item(task, opened(task), place) for task in tasks),
        total=total,
        overdue=overdue,
        today=place.today,
        now=place.clock,
        time_zone=place.owner.zone,
    )


async def _done(page: Page, place: Here, db: Session) -> TaskPage:
    own = (Done.person_id == place.owner.person_id, Task.deleted_at.is_(None))
    joined = (Task, Task.id == Done.task_id)
    total = await db.scalar(select(func.count()).select_from(Done).join(*joined).where(*own))
    newest = (Done.done_at.desc(), Done.task_id.desc(), Done.occurrence.desc())
    rows = select(Task, Done).join(*joined).where(*own).order_by(*newest)
    found = await db.execute(rows.offset(page.offset).limit(page.limit))
    return TaskPage(
        tasks=tuple(
            item(task, Entry(done.occurrence, task.due_at), place, done) for task, done in found
        ),
        total=total or 0,
        overdue=0,
        today=place.today,
        now=place.clock,
        time_zone=place.owner.zone,
    )


def counted(moment: datetime) -> Select[int, int]:
    """Return how many tasks there are, and how many of them are overdue."""
    overdue = func.count().filter(Task.due_at <= moment)
    return select(func.count(), overdue).select_from(Task)
