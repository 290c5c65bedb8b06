"""All open tasks, for calendar programs: asked by their person, or for whoever has a feed."""

from sqlalchemy import BigInteger, bindparam, select

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
from database import calendar as tables
from database.reading import LIMIT, PERSON, Question, Reader
from database.rows import columns_of, read_as
from services.link_signing import LinkSigner
from services.query.calendar.now import here
from services.query.calendar.registration import router

FEED = Question(
    select(tables.Feed.person_id).where(tables.Feed.id == bindparam("feed", type_=BigInteger))
)
OWN_FEED = Question(
    select(tables.Feed.id, tables.Feed.created_at).where(tables.Feed.person_id == PERSON)
)
TASKS = Question(
    select(*columns_of(tables.Task), tables.done_later().label("later"))
    .where(
        tables.Task.person_id == PERSON,
        tables.Task.id > bindparam("after", type_=BigInteger),
        *tables.OPEN,
    )
    .order_by(tables.Task.id)
    .limit(LIMIT)
)


@router.handle
async def list_calendar(query: ListCalendar, actor: Actor, db: Reader) -> CalendarTasks:
    owner = (await here(actor.person, db)).owner
    tasks, more = await _exported(actor.person, query.after, owner.offsets, db)
    return CalendarTasks(language=owner.says, time_zone=owner.zone, tasks=tasks, more=more)


@router.handle
async def get_feed(query: GetFeed, db: Reader) -> Feed | DeadFeed:
    feed = await db.row(FEED, feed=query.feed_id)
    if feed is None:
        return DeadFeed()
    person_id: PersonId = feed["person_id"]
    owner = (await here(person_id, db)).owner
    tasks, more = await _exported(person_id, query.after, owner.offsets, db)
    return Feed(
        person_id=person_id,
        language=owner.says,
        time_zone=owner.zone,
        tasks=tasks,
        more=more,
    )


@router.handle
async def get_feed_address(
    query: GetFeedAddress, actor: Actor, db: Reader, signer: LinkSigner
) -> FeedAddress | NoFeed:
    if not signer.public_url:
        return NoFeed(possible=False)
    feed = await db.row(OWN_FEED, person=actor.person)
    if feed is None:
        return NoFeed(possible=True)
    return FeedAddress(url=signer.feed_url(feed["id"]), created_at=feed["created_at"])


async def _exported(
    person_id: PersonId, after: int, offsets: RemindBefore, db: Reader
) -> tuple[tuple[ExportedTask, ...], bool]:
    rows = await db.rows(TASKS, person=person_id, after=after, limit=EXPORTED_AT_ONCE + 1)
    return (
        tuple(
            _described(
                read_as(tables.Task, row), tuple(map(say_local, sorted(row["later"]))), offsets
            )
            for row in rows[:EXPORTED_AT_ONCE]
        ),
        len(rows) > EXPORTED_AT_ONCE,
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
