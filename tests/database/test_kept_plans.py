"""Statements that are told many rows or one have one plan for both, made once a connection."""

from collections.abc import AsyncIterator

import pytest_asyncio
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from database.engine import engine
from services.storage.documents import statements
from services.storage.documents.contents import sent

EXECUTIONS = 12
PLANNED_ANEW_AT_MOST = 5
"""So often PostgreSQL plans for the very values before it compares."""
_PLANS = text("""
SELECT generic_plans, custom_plans FROM pg_prepared_statements
WHERE statement LIKE 'SELECT asked.person%'
""")


@pytest_asyncio.fixture
async def connection(migrated: dict[str, str]) -> AsyncIterator[AsyncConnection]:
    pool = engine(migrated["DATABASE_URL"], application_name="tests")
    async with pool.connect() as connection:
        yield connection
    await pool.dispose()


async def test_one_and_many_are_found_by_one_plan(connection: AsyncConnection) -> None:
    for number in range(EXECUTIONS):
        people = list(range(1, 2 if number % 2 else 33))
        asked = {
            "people": people,
            "types": people,
            "names": ["Pass" for _ in people],
            "allowing": [False for _ in people],
        }
        await connection.execute(statements.WANTED, asked | sent({each: ["u"] for each in people}))
    ((generic, custom),) = (await connection.execute(_PLANS)).all()

    assert custom <= PLANNED_ANEW_AT_MOST
    assert generic == EXECUTIONS - custom
