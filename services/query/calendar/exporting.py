"""All open tasks, for calendar programs: asked by their person, or for whoever has a feed."""

from sqlalchemy import select

from bus import Actor
from contracts.base import PersonId
from contracts.calendar import (
    EXPORTED_AT_ONCE,
    CalendarTasks,
    DeadFeed,
    ExportedTask,
    Feed,
    FeedAddress,
    GetFeed,
    GetFeedAddress,
    ListCalendar,
    NoFeed,
    RemindBefore,
)
from contracts.calendar.local_times import say_local
from database import Session
from database import calendar as tables
from services.link_signing import LinkSigner
from services.query.calendar.now import here
from services.query.calendar.registration import router


@router.handle
async def list_calendar(query: ListCalendar, actor: Actor, db: Session) -> CalendarTasks:
    owner = (await here(actor.person, db)).owner
    tasks, more = await _exported(actor.person, query.after, owner.offsets, db)
    return CalendarTasks(language=owner.says, time_zone=owner.zone, tasks=tasks, more=more)


@router.handle
async def get_feed(query: GetFeed, db: Session) -> Feed | DeadFeed:
    feed = await db.get(tables.Feed, query.feed_id)
    if feed is None:
        return DeadFeed()
    owner = (await here(feed.person_id, db)).owner
    tasks, more = await _exported(feed.person_id, query.after, owner.offsets, db)
    return Feed(
        person_id=feed.person_id,
        language=owner.says,
        time_zone=owner.zone,
        tasks=tasks,
        more=more,
    )


@router.handle
async def get_feed_address(
    query: GetFeedAddress, actor: Actor, db: Session, signer: LinkSigner
) -> FeedAddress | NoFeed:
    if not signer.public_url:
        return NoFeed(possible=False)
    own = tables.Feed.person_id == actor.person
    feed = await db.scalar(select(tables.Feed).where(own))
    if feed is None:
        return NoFeed(possible=True)
    return FeedAddress(url=signer.feed_url(feed.id), created_at=feed.created_at)


async def _exported(
    person_id: PersonId, after: int, offsets: RemindBefore, db: Session
) -> tuple[tuple[ExportedTask, ...], bool]:
    own = (tables.Task.person_id == person_id, tables.Task.id > after, *tables.OPEN)
    page = select(tables.Task).where(*own).order_by(tables.Task.id).limit(EXPORTED_AT_ONCE + 1)
    tasks = (await db.scalars(page)).all()
    done = await tables.done_by_task(person_id, db)
    return (
        tuple(
            _described(task, tuple(map(say_local, sorted(done.get(task.id, ())))), offsets)
            for task in tasks[:EXPORTED_AT_ONCE]
        ),
        len(tasks) > EXPORTED_AT_ONCE,
    )


def _described(task: tables.Task, without: tuple[str, ...], offsets: RemindBefore) -> ExportedTask:
    own = task.remind_before
    return ExportedTask(
        task_id=task.id,
        version=task.version,
        title=task.title,
        note=task.note,
        occurrence=say_local(task.occurrence),
        deadline=say_local(task.deadline),
        starts=say_local(task.starts) if task.starts else None,
        time_zone=task.time_zone,
        repeat=task.repeat,
        day_of_month=task.anchor.day,
        without=without,
        created_at=task.created_at,
        changed_at=task.changed_at,
        remind_before=offsets if own is None else tuple(own),
    )
