"""With 100,000 tasks in one installation, "Week" and the clock's claim are found by indexes."""

from collections.abc import AsyncIterator, Callable

import pytest_asyncio
from sqlalchemy.ext.asyncio import AsyncConnection

from bus import Actor
from contracts.base import Page
from contracts.calendar import GetTask, ListCalendar, ListTasks, SearchTasks
from services.query.calendar.exporting import list_calendar
from services.query.calendar.listing import list_tasks
from services.query.calendar.looking import get_task
from services.query.calendar.searching import search_tasks
from services.storage.clock import DUE
from tests.database.plans import SCANS, Said, heard, plan, reader_on, seeing

PEOPLE, TASKS_EACH = 100, 1000
BUSY = 7_000_000_001
"""The first of them."""

# Each is due within half a year, every fiftieth of a person daily, and has its reminders a day,
# half a day and an hour before.
_OWNERS = """
INSERT INTO calendar_owners (person_id, language, time_zone)
SELECT $1::bigint + n, 'en', 'Europe/Berlin' FROM generate_series(0, $2::int - 1) AS n
"""
_TASKS = """
INSERT INTO calendar_tasks
    (person_id, title, time_zone, anchor, occurrence, deadline, due_at, repeat_every)
SELECT $1::bigint + n % $2::int, 'Task ' || n, 'Europe/Berlin', local, local, local, due_at,
    CASE WHEN n / $2::int % 50 = 0 THEN 'day' END
FROM (
    SELECT n, due_at, due_at AT TIME ZONE 'Europe/Berlin' AS local
    FROM generate_series(0, $2::int * $3::int - 1) AS n,
        LATERAL (SELECT now() + interval '150 seconds' * n AS due_at) AS due
) AS tasks
"""
_REMINDERS = """
INSERT INTO scheduled (key, due_at, command_subject, command, actor)
SELECT 'plan:' || id || ':' || minutes, due_at - minutes * interval '1 minute',
    'command.calendar.remind_of_task', '{}', person_id || '@calendar'
FROM calendar_tasks, unnest(ARRAY[1440, 720, 60]) AS minutes
WHERE person_id BETWEEN $1::bigint AND $1::bigint + 1000
"""


@pytest_asyncio.fixture
async def crowded(migrated: dict[str, str]) -> AsyncIterator[AsyncConnection]:
    """A connection that sees very many tasks."""
    filling = (
        (_OWNERS, (BUSY, PEOPLE)),
        (_TASKS, (BUSY, PEOPLE, TASKS_EACH)),
        (_REMINDERS, (BUSY,)),
    )
    async with seeing(migrated, filling, ("calendar_tasks", "scheduled")) as connection:
        yield connection


async def test_a_week_and_what_is_due_are_found_by_indexes(
    crowded: AsyncConnection, record_testsuite_property: Callable[[str, object], None]
) -> None:
    actor = Actor(BUSY + 7, "calendar")
    week: list[Said] = []
    reader = await reader_on(crowded, week)
    page = await list_tasks(ListTasks(view="week", page=Page(limit=100)), actor, reader)
    others: list[Said] = []
    other = await reader_on(crowded, others)
    for view in ("all", "done"):
        await list_tasks(ListTasks(view=view), actor, other)
    await get_task(GetTask(task_id=page.tasks[0].task_id), actor, other)
    await search_tasks(SearchTasks(words="task 7"), actor, other)
    await list_calendar(ListCalendar(), actor, other)
    with heard(crowded) as claim:
        rows = (await crowded.execute(DUE)).all()
    assert page.total > 38  # one each four hours, and one each day
    assert 0 < len(rows) < 3000  # the reminders of the first tasks

    used: set[str] = set()
    took = {"week": 0.0, "others": 0.0, "claim": 0.0}
    for name, statements in (("week", week), ("others", others), ("claim", claim)):
        for said in statements:
            found, milliseconds = await plan(crowded, said)
            took[name] += milliseconds
            used |= {node["Index Name"] for node in found if "Index Name" in node}
            big = {"calendar_tasks", "scheduled"}
            slow = [n for n in found if n["Node Type"] in SCANS and n["Relation Name"] in big]
            assert slow == [], said[0]
            # A week is short; all that is due has to come in the order of its index.
            kinds = {node["Node Type"] for node in found}
            assert name != "claim" or not kinds & {"Sort", "Incremental Sort"}
    assert used >= {"ix_calendar_tasks_open", "ix_scheduled_due_at"}
    for name, milliseconds in took.items():
        record_testsuite_property(f"{name} among 100,000 tasks, ms", round(milliseconds, 2))
