"""Plans by which PostgreSQL goes among very many rows, that nobody else sees."""

from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager, nullcontext
from typing import Any

import asyncpg
from opentelemetry.trace import NoOpTracer
from sqlalchemy import event, text
from sqlalchemy.ext.asyncio import AsyncConnection

from database.engine import engine
from database.reading import Reader
from database.statements import Statements
from observability.calls import unread_calls

Said = tuple[str, tuple[Any, ...]]
"""A statement and its parameters."""
PATIENCE = 120.0
SCANS = {"Seq Scan", "Parallel Seq Scan"}


@asynccontextmanager
async def seeing(
    migrated: dict[str, str], filling: Sequence[Said], tables: Sequence[str]
) -> AsyncIterator[AsyncConnection]:
    """Fill tables in a transaction that is undone: they are as they were after."""
    pool = engine(migrated["MIGRATION_DATABASE_URL"], application_name="tests")
    async with pool.connect() as connection:
        await connection.execute(text("SELECT 1"))  # begins the transaction
        raw, named = await driver(connection), ", ".join(tables)
        for statement, about in (*filling, (f"ANALYZE {named}", ())):
            await raw.execute(statement, *about, timeout=PATIENCE)
        yield connection
        await connection.rollback()
        # What never was still takes place, which others would have to read.
        await raw.execute(f"VACUUM {named}", timeout=PATIENCE)
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


async def reader_on(connection: AsyncConnection, said: list[Said]) -> Reader:
    """Return who asks on this connection, and notes what is said."""
    noting = _Noting(await driver(connection), said)
    statements = Statements(connection.engine.sync_engine, NoOpTracer(), unread_calls())
    return Reader(lambda: nullcontext(noting), statements)


class _Noting:
    """A connection of the driver whose questions are noted."""

    def __init__(self, raw: asyncpg.Connection, said: list[Said]) -> None:
        self._raw, self._said = raw, said
        self.execute = raw.execute

    async def fetch(self, statement: str, *values: Any) -> Any:
        """Ask, and note it."""
        self._said.append((statement, values))
        return await self._raw.fetch(statement, *values)


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
    """Yield a plan's node and all below it."""
    yield node
    for each in node.get("Plans", ()):
        yield from nodes(each)
