"""Tasks are found by any part of their title or note, in any case, open ones first."""

import re
import unicodedata

from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import distinct_on

from bus import Actor
from contracts.calendar import SearchTasks, TaskPage
from database import Session
from database.calendar import Done, Task
from services.query.calendar.items import item, opened
from services.query.calendar.now import here
from services.query.calendar.registration import router

FOUND_LIMIT = 100
"""Tasks; whoever would turn more than ten pages had better say another word."""


@router.handle
async def search_tasks(query: SearchTasks, actor: Actor, db: Session) -> TaskPage:
    """A person's tasks are few enough to be read through, unlike documents."""
    words = unicodedata.normalize("NFC", query.words).split()
    place = await here(actor.person, db)
    has = [
        Task.search_text.like(func.calendar_search_folded("%" + _as_it_is(word) + "%"))
        for word in words
    ]
    # What is due next, or was done last, comes first among its like.
    order = (Task.done_at.desc().nulls_first(), Task.due_at, Task.id)
    found = (
        select(Task, Done)
        .outerjoin(Done, (Done.task_id == Task.id) & Task.done_at.is_not(None))
        .where(Task.person_id == actor.person, Task.deleted_at.is_(None), *has)
        .ext(distinct_on(Task.done_at, Task.due_at, Task.id))
        .order_by(*order, Done.occurrence.desc())
        .limit(FOUND_LIMIT + 1)
    )
    rows = list(await db.execute(found))
    listed = rows[:FOUND_LIMIT]
    shown = listed[query.page.offset :][: query.page.limit]
    return TaskPage(
        tasks=tuple(item(task, opened(task), place, done) for task, done in shown),
        total=len(listed),
        overdue=sum(not done and task.due_at <= place.moment for task, done in listed),
        today=place.today,
        now=place.clock,
        time_zone=place.owner.zone,
        more=len(rows) > FOUND_LIMIT,
    )


def _as_it_is(word: str) -> str:
    r"""Return a word in which nothing is a wildcard of LIKE: `100%` becomes `100\%`."""
    return re.sub(r"([\\%_])", r"\\\1", word)
