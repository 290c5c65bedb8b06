"""Tasks are found by any part of their title or note, in any case, open ones first."""

import re
import unicodedata
from functools import cache

from sqlalchemy import Text, bindparam, func, select
from sqlalchemy.dialects.postgresql import distinct_on

from bus import Actor
from contracts.calendar import SearchTasks, TaskPage
from database.calendar import Done, Task
from database.reading import LIMIT, PERSON, Question, Reader, Row
from database.rows import columns_of, read_as
from services.query.calendar.items import item, opened
from services.query.calendar.now import here
from services.query.calendar.registration import router

FOUND_LIMIT = 100
"""Tasks; whoever would turn more than ten pages had better say another word."""


@router.handle
async def search_tasks(query: SearchTasks, actor: Actor, db: Reader) -> TaskPage:
    """A person's tasks are few enough to be read through, unlike documents."""
    words = unicodedata.normalize("NFC", query.words).split()
    place = await here(actor.person, db)
    given = {_word(number): f"%{_as_it_is(word)}%" for number, word in enumerate(words)}
    asked = {"person": actor.person, "limit": FOUND_LIMIT + 1, **given}
    rows = [_found(row) for row in await db.rows(_having(len(words)), **asked)]
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


@cache
def _having(words: int) -> Question:
    """Return what asks for tasks that have so many words."""
    has = [
        Task.search_text.like(func.calendar_search_folded(bindparam(_word(number), type_=Text)))
        for number in range(words)
    ]
    # What is due next, or was done last, comes first among its like.
    order = (Task.done_at.desc().nulls_first(), Task.due_at, Task.id)
    return Question(
        select(*columns_of(Task), *columns_of(Done, "done_"))
        .outerjoin(Done, (Done.task_id == Task.id) & Task.done_at.is_not(None))
        .where(Task.person_id == PERSON, Task.deleted_at.is_(None), *has)
        .ext(distinct_on(Task.done_at, Task.due_at, Task.id))
        .order_by(*order, Done.occurrence.desc())
        .limit(LIMIT)
    )


def _found(row: Row) -> tuple[Task, Done | None]:
    return read_as(Task, row), read_as(Done, row, "done_") if row["done_task_id"] else None


def _word(number: int) -> str:
    return f"word_{number}"


def _as_it_is(word: str) -> str:
    r"""Return a word in which nothing is a wildcard of LIKE: `100%` becomes `100\%`."""
    return re.sub(r"([\\%_])", r"\\\1", word)
