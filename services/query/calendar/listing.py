"""What there is to do: today, within a week, on a day, at all; and what was done."""

from datetime import timedelta

from sqlalchemy import DateTime, bindparam, func, select

from bus import Actor
from contracts.base import Page
from contracts.calendar import ListDay, ListTasks, TaskPage
from contracts.calendar.agenda import Entry
from contracts.calendar.local_times import beginning_of
from database.calendar import OPEN, Done, Task
from database.reading import LIMIT, OFFSET, PERSON, Headed, Reader, part
from database.rows import columns_of, read_as
from services.query.calendar.items import agenda, item, opened, page_of
from services.query.calendar.now import Here, here
from services.query.calendar.registration import router

DAY = timedelta(days=1)
WEEK = timedelta(days=7)

_OPEN = (Task.person_id == PERSON, *OPEN)
_overdue = Task.due_at <= bindparam("moment", type_=DateTime(timezone=True))
ALL = Headed(
    select(func.count().label("total"), func.count().filter(_overdue).label("overdue")).where(
        *_OPEN
    ),
    select(*columns_of(Task)).where(*_OPEN).offset(OFFSET).limit(LIMIT),
    order=(Task.due_at, Task.id),
)

_DONE = (Done.person_id == PERSON, Task.deleted_at.is_(None))
DONE = Headed(
    select(func.count().label("total"))
    .select_from(Done)
    .join(Task, Task.id == Done.task_id)
    .where(*_DONE),
    select(*columns_of(Task), *columns_of(Done, "done_"))
    .join(Task, Task.id == Done.task_id)
    .where(*_DONE)
    .offset(OFFSET)
    .limit(LIMIT),
    order=(Done.done_at.desc(), Done.task_id.desc(), Done.occurrence.desc()),
)


@router.handle
async def list_tasks(query: ListTasks, actor: Actor, db: Reader) -> TaskPage:
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
async def list_day(query: ListDay, actor: Actor, db: Reader) -> TaskPage:
    place = await here(actor.person, db)
    begins, ends = (beginning_of(query.day + each * DAY, place.owner.zone) for each in range(2))
    until_then = await agenda(place, ends, db, since=begins)
    found = [each for each in until_then if each[1].due_at >= begins]
    return page_of(found, query.page, place)


async def _all(page: Page, place: Here, db: Reader) -> TaskPage:
    person = place.owner.person_id
    found = await db.whole(ALL, person=person, moment=place.moment, **part(page))
    tasks = [read_as(Task, row) for row in found.rows]
    return TaskPage(
        tasks=tuple(item(task, opened(task), place) for task in tasks),
        total=found.head["total"],
        overdue=found.head["overdue"],
        today=place.today,
        now=place.clock,
        time_zone=place.owner.zone,
    )


async def _done(page: Page, place: Here, db: Reader) -> TaskPage:
    found = await db.whole(DONE, person=place.owner.person_id, **part(page))
    tasks = [(read_as(Task, row), read_as(Done, row, "done_")) for row in found.rows]
    return TaskPage(
        tasks=tuple(
            item(task, Entry(done.occurrence, task.due_at), place, done) for task, done in tasks
        ),
        total=found.head["total"],
        overdue=0,
        today=place.today,
        now=place.clock,
        time_zone=place.owner.zone,
    )
