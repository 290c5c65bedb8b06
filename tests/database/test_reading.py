"""Questions go to the driver as they are, with their values in order, and are counted as before."""

import asyncio
import os
import signal
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from urllib.parse import urlsplit

import asyncpg
import pytest
import pytest_asyncio
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from opentelemetry.trace import StatusCode
from prometheus_client import CollectorRegistry
from sqlalchemy import BigInteger, Integer, Select, Text, bindparam, column, func, literal, select
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.ext.asyncio import AsyncEngine

from bus.trouble import AWAY
from contracts.base import Page
from database.calendar import Done, Task
from database.engine import engine
from database.reading import LIMIT, OFFSET, Headed, Question, Reader, part, reader_of
from database.rows import columns_of, read_as
from database.statements import watch_statements
from database.trouble import trouble_of
from observability.calls import Calls
from tests.bus.waiting import eventually

FIRST, LAST = bindparam("first", type_=BigInteger), bindparam("last", type_=BigInteger)
BACKEND = Question(select(func.pg_backend_pid().label("backend")))
SLEEP = Question(select(func.pg_sleep(20)))
# Else PostgreSQL would find out by itself that its client is gone.
LOOK_FOR_NOBODY = Question(select(func.set_config("client_connection_check_interval", "0", False)))
MODE = Question(select(func.current_setting("plan_cache_mode").label("mode")))
WRONG = Question(select(literal(1) / func.length("")))


class Watched:
    """A reader with one connection, and what was seen of it."""

    def __init__(self, url: str) -> None:
        provider = TracerProvider()
        self.exporter, self.registry = InMemorySpanExporter(), CollectorRegistry()
        provider.add_span_processor(SimpleSpanProcessor(self.exporter))
        self.tracer = provider.get_tracer("tests")
        self.pool: AsyncEngine = engine(url, application_name="tests", pool_size=1, only_reads=True)
        statements = watch_statements(self.pool, self.tracer, Calls(self.registry))
        self.reader: Reader = reader_of(self.pool, statements)

    def timed(self, operation: str, result: str) -> float | None:
        """Return how often a statement was timed."""
        labels = {"target": "postgresql", "operation": operation, "result": result}
        return self.registry.get_sample_value("integration_call_duration_seconds_count", labels)

    async def backend(self) -> int:
        """Return whom the connection leads to."""
        (row,) = await self.reader.rows(BACKEND)
        backend: int = row["backend"]
        return backend


@asynccontextmanager
async def killer(url: str) -> AsyncIterator[asyncpg.Connection]:
    """Connect as who may end what others of the role do."""
    connection = await asyncpg.connect(url.replace("+asyncpg", ""))
    yield connection
    await connection.close()


@pytest_asyncio.fixture
async def watched(migrated: dict[str, str]) -> AsyncIterator[Watched]:
    watching = Watched(migrated["QUERY_DATABASE_URL"])
    yield watching
    await watching.pool.dispose()


def counting() -> Select[int]:
    """Count from FIRST to LAST."""
    return select(column("n", Integer)).select_from(func.generate_series(FIRST, LAST).alias("n"))


async def test_values_are_given_by_name_and_what_is_always_the_same_is_there(
    watched: Watched,
) -> None:
    name = bindparam("name", type_=Text)
    question = Question(select(name.label("name"), literal(7).label("seven"), (LAST - FIRST)))
    (row,) = await watched.reader.rows(question, first=1, last=4, name="$1")
    assert list(row.values()) == ["$1", 7, 3]
    with pytest.raises(KeyError):
        await watched.reader.rows(question, first=1, name="$1")


async def test_a_list_is_one_value(watched: Watched) -> None:
    listed = bindparam("listed", type_=ARRAY(Integer))
    asked = Question(counting().where(column("n") == func.any(listed)))
    rows = await watched.reader.rows(asked, first=1, last=9, listed=[2, 5, 12])
    assert [row["n"] for row in rows] == [2, 5]
    with pytest.raises(ValueError, match="a list by `in_`"):
        await watched.reader.rows(Question(counting().where(column("n").in_([1, 2]))))


async def test_a_part_comes_in_its_order_with_what_tells_of_the_whole(watched: Watched) -> None:
    n = column("n", Integer)
    numbers = counting().offset(OFFSET).limit(LIMIT)
    asked = Headed(select(LAST.label("n")).where(FIRST < LAST), numbers, order=(n.desc(),))

    async def listed(page: Page) -> tuple[int, list[int]]:
        found = await watched.reader.whole(asked, first=1, last=5, **part(page))
        return found.head["n"], [row["n"] for row in found.rows]

    assert await listed(Page(limit=2)) == (5, [5, 4])
    assert await listed(Page(limit=2, offset=4)) == (5, [1])
    assert await listed(Page(offset=9)) == (5, [])
    assert await watched.reader.page(asked, first=1, last=1, **part(Page())) is None


async def test_a_question_is_counted_and_a_span_of_what_is_handled(watched: Watched) -> None:
    await watched.reader.rows(BACKEND)
    assert watched.exporter.get_finished_spans() == ()
    with watched.tracer.start_as_current_span("process"), pytest.raises(asyncpg.DataError):
        await watched.reader.rows(WRONG)
    failed, handling = watched.exporter.get_finished_spans()
    assert handling.context
    assert failed.parent == handling.context
    assert (failed.name, failed.status.status_code) == ("SELECT", StatusCode.ERROR)
    assert (failed.attributes or {})["db.response.status_code"] == "22012"
    assert (watched.timed("SELECT", "ok"), watched.timed("SELECT", "failed")) == (1, 1)


async def test_who_gives_up_leaves_no_place_taken(watched: Watched) -> None:
    before = await watched.backend()
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.2):
            await watched.reader.rows(SLEEP)
    assert await watched.backend() != before
    assert watched.timed("SELECT", "cancelled") == 1


async def test_what_is_given_up_is_given_up_by_postgresql(
    watched: Watched, migrated: dict[str, str]
) -> None:
    before = await watched.backend()
    await watched.reader.rows(LOOK_FOR_NOBODY)
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.2):
            await watched.reader.rows(SLEEP)
    async with killer(migrated["QUERY_DATABASE_URL"]) as looking:

        async def asleep() -> bool:
            statement = "SELECT count(*) FROM pg_stat_activity WHERE wait_event = 'PgSleep'"
            return bool(await looking.fetchval(statement))

        async def awake() -> bool:
            return not await asleep()

        await eventually(awake, within=5.0)  # the role's own limit is twice that
    assert await watched.backend() != before


async def test_a_block_that_failed_leaves_no_plans_made_anew(watched: Watched) -> None:
    before = await watched.backend()
    with pytest.raises(asyncpg.DataError):
        async with watched.reader.planning_anew() as anew:
            await anew.rows(WRONG)
    assert await watched.backend() == before
    (row,) = await watched.reader.rows(MODE)
    assert row["mode"] == "auto"


async def test_a_backend_that_froze_is_left_behind(watched: Watched) -> None:
    before = await watched.backend()
    os.kill(before, signal.SIGSTOP)
    try:
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.2):
                await watched.backend()
        assert await watched.backend() != before
    finally:
        os.kill(before, signal.SIGCONT)


async def test_plans_are_made_anew_only_where_that_was_asked_for(watched: Watched) -> None:
    mode = Question(select(func.current_setting("plan_cache_mode").label("mode")))

    async def modes(*readers: Reader) -> list[object]:
        return [(await reader.rows(mode))[0]["mode"] for reader in readers]

    async with watched.reader.planning_anew() as anew:
        assert await modes(anew) == ["force_custom_plan"]
    assert await modes(watched.reader) == ["auto"]


async def test_a_connection_that_died_is_replaced_or_a_database_away(
    watched: Watched, migrated: dict[str, str]
) -> None:
    before = await watched.backend()
    async with killer(migrated["QUERY_DATABASE_URL"]) as other:

        async def sleeps() -> bool:
            asked = "SELECT wait_event FROM pg_stat_activity WHERE pid = $1"
            return bool(await other.fetchval(asked, before) == "PgSleep")

        asking = asyncio.ensure_future(watched.reader.rows(SLEEP))
        await eventually(sleeps)
        await other.execute("SELECT pg_terminate_backend($1)", before)
        with pytest.raises(asyncpg.PostgresError) as caught:
            await asking
    assert trouble_of(caught.value) == AWAY
    assert await watched.backend() != before


async def test_a_database_that_is_not_there_is_away(
    migrated: dict[str, str], unused_tcp_port: int
) -> None:
    address = urlsplit(migrated["QUERY_DATABASE_URL"])
    down = address._replace(
        netloc=f"{address.username}:{address.password}@127.0.0.1:{unused_tcp_port}"
    )
    for nowhere in (down, address._replace(path="/restored_later")):
        nobody = Watched(nowhere.geturl())
        with pytest.raises(Exception) as caught:  # noqa: PT011 # which it is, is what is asked
            await nobody.reader.rows(BACKEND)
        assert trouble_of(caught.value) == AWAY


def test_objects_are_as_their_rows_say() -> None:
    names = [each.name for each in (*columns_of(Task), *columns_of(Done, "done_"))]
    assert "search_text" not in names, "it is deferred: only search reads it"
    row = {name: name for name in names}
    task, done = read_as(Task, row), read_as(Done, row, "done_")
    assert vars(task).keys() > {"title", "repeat_every"}
    assert (task.title, vars(done)["task_id"]) == ("title", "done_task_id")
