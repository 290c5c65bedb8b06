"""The pool of a service: named, patient for a while, and silent about what people wrote."""

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from database.engine import STATEMENT_TIMEOUT, engine


async def test_a_service_shows_its_name(migrated: dict[str, str]) -> None:
    pool = engine(migrated["DATABASE_URL"], application_name="storage-7")
    async with pool.connect() as connection:
        name = await connection.scalar(text("SELECT current_setting('application_name')"))
    await pool.dispose()

    assert name == "storage-7"


async def test_a_statement_that_hangs_ends(migrated: dict[str, str]) -> None:
    pool = engine(migrated["DATABASE_URL"], application_name="tests")
    async with pool.connect() as connection:
        with pytest.raises(TimeoutError):
            await connection.execute(text(f"SELECT pg_sleep({STATEMENT_TIMEOUT * 4})"))
    await pool.dispose()


async def test_a_connection_killed_in_the_pool_is_replaced(migrated: dict[str, str]) -> None:
    pool = engine(migrated["DATABASE_URL"], application_name="tests", pool_size=2)
    async with pool.connect() as killer:
        async with pool.connect() as victim:
            victim_id = await victim.scalar(text("SELECT pg_backend_pid()"))
        await killer.execute(text(f"SELECT pg_terminate_backend({victim_id})"))
        async with pool.connect() as replacement:
            replacement_id = await replacement.scalar(text("SELECT pg_backend_pid()"))
    await pool.dispose()

    assert replacement_id != victim_id


async def test_what_people_wrote_stays_out_of_errors(migrated: dict[str, str]) -> None:
    pool = engine(migrated["DATABASE_URL"], application_name="tests")
    async with pool.connect() as connection:
        with pytest.raises(DBAPIError) as caught:
            await connection.execute(text("SELECT CAST(:note AS text), 1 / 0"), {"note": "diary"})
    await pool.dispose()

    assert "division by zero" in str(caught.value)
    assert "diary" not in str(caught.value)
