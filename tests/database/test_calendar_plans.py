"""With 100,000 tasks in one installation, "Week" and the clock's claim are found by indexes."""

from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import contextmanager
from typing import Any

import asyncpg
import pytest_asyncio
from sqlalchemy import event, text
from sqlalchemy.ext.asyncio import AsyncConnection

from bus import Actor
from contracts.base import Page
from contracts.calendar import ListTasks
from database import Session
from database.engine import engine
from services.query.calendar.listing import list_tasks
from services.storage.clock import DUE

Said = tuple[str, tuple[Any, ...]]
PEOPLE, TASKS_EACH = 100, 1000
PATIENCE = 120.0
BUSY = 7_000_000_001
"""The first of them."""
SCANS = {"Seq Scan", "Parallel Seq Scan"}

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
FROM calendar_tasks, unnest(ARRAY[1440, 720, 60]) AS minutes WHERE person_id >= $1::bigint
"""


@pytest_asyncio.fixture
async def crowded(migrated: dict[str, str]) -> AsyncIterator[AsyncConnection]:
    """A connection that sees very many tasks, as nobody else does, and as they never were after."""
    pool = engine(migrated["MIGRATION_DATABASE_URL"], application_name="tests")
    async with pool.connect() as connection:
        await connection.execute(text("SELECT 1"))  # begins the transaction
        raw = await driver(connection)
        for statement, about in (
            (_OWNERS, (BUSY, PEOPLE)),
            (_TASKS, (BUSY, PEOPLE, TASKS_EACH)),
            (_REMINDERS, (BUSY,)),
            ("ANALYZE calendar_tasks, scheduled", ()),
        ):
            await raw.execute(statement, *about, timeout=PATIENCE)
        yield connection
        await connection.rollback()
        # What never was still takes place, which others would have to read.
        await raw.execute("VACUUM calendar_tasks, scheduled", timeout=PATIENCE)
    await pool.dispose()


@contextmanager
def heard(connection: AsyncConnection) -> Iterator[list[Said]]:
    """Note what is said to the database."""
    said: list[Said] = []

    def note(_: Any, __: Any, statement: str, parameters: Any, *___: Any) -> None:
        said.append((statement, tuple(parameters)))

    sync = connection.sync_connection
    event.listen(sync, "before_cursor_execute", note)
    try:
        yield said
    finally:
        event.remove(sync, "before_cursor_execute", note)


async def driver(connection: AsyncConnection) -> asyncpg.Connection:
    """Return the connection below, which takes its time for as long as it is told."""
    return (await connection.get_raw_connection()).driver_connection


async def plan(connection: AsyncConnection, said: Said) -> tuple[list[dict[str, Any]], float]:
    """Return the nodes by which the database went, and the milliseconds it took."""
    statement, parameters = said
    raw = await driver(connection)
    explained = f"EXPLAIN (ANALYZE, FORMAT JSON) {statement}"
    (found,) = await raw.fetchval(explained, *parameters)  # JSON, read as the engine reads it
    return list(nodes(found["Plan"])), found["Planning Time"] + found["Execution Time"]


def nodes(node: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield node
    for each in node.get("Plans", ()):
        yield from nodes(each)


async def test_a_week_and_what_is_due_are_found_by_indexes(
    crowded: AsyncConnection, record_testsuite_property: Callable[[str, object], None]
) -> None:
    actor = Actor(BUSY + 7, "calendar")
    with heard(crowded) as week:
        async with Session(crowded) as db:
            page = await list_tasks(ListTasks(view="week", page=Page(limit=100)), actor, db)
    with heard(crowded) as claim:
        rows = (await crowded.execute(DUE)).all()
    assert page.total > 38  # one each four hours, and one each day
    assert 0 < len(rows) < 3000  # the reminders of the first tasks

    used: set[str] = set()
    took = {"week": 0.0, "claim": 0.0}
    for name, statements in (("week", week), ("claim", claim)):
        for said in statements:
            found, milliseconds = await plan(crowded, said)
            took[name] += milliseconds
            used |= {node["Index Name"] for node in found if "Index Name" in node}
            big = {"calendar_tasks", "scheduled"}
            slow = [n for n in found if n["Node Type"] in SCANS and n["Relation Name"] in big]
            assert slow == [], said[0]
            # A week is short; all that is due has to come in the order of its index.
            kinds = {node["Node Type"] for node in found}
            assert name == "week" or not kinds & {"Sort", "Incremental Sort"}
    assert used >= {"ix_calendar_tasks_open", "ix_scheduled_due_at"}
    for name, milliseconds in took.items():
        record_testsuite_property(f"{name} among 100,000 tasks, ms", round(milliseconds, 2))
