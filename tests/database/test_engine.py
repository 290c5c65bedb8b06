"""The pool of a service: named, patient for a while, and silent about what people wrote."""

import asyncio

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from bus.trouble import AWAY
from database.engine import STATEMENT_TIMEOUT, engine
from database.trouble import trouble_of


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
            raw = await victim.get_raw_connection()
            heard_of = asyncio.Event()
            driver = raw.driver_connection
            assert driver
            driver.add_termination_listener(lambda _: heard_of.set())
        await killer.execute(text(f"SELECT pg_terminate_backend({victim_id})"))
        async with asyncio.timeout(60):
            await heard_of.wait()
        async with pool.connect() as replacement:
            replacement_id = await replacement.scalar(text("SELECT pg_backend_pid()"))
    await pool.dispose()

    assert replacement_id != victim_id


async def test_a_connection_long_unused_is_asked_whether_it_lives(
    migrated: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("database.engine.UNUSED_AT_MOST", 0.0)
    # Killed behind the driver's back: the driver would notice only when it asks.
    monkeypatch.setattr("asyncpg.Connection.is_closed", lambda _: False)
    pool = engine(migrated["DATABASE_URL"], application_name="tests", pool_size=2)
    async with pool.connect() as killer:
        async with pool.connect() as victim:
            victim_id = await victim.scalar(text("SELECT pg_backend_pid()"))
        await killer.execute(text(f"SELECT pg_terminate_backend({victim_id})"))
        async with pool.connect() as replacement:
            replacement_id = await replacement.scalar(text("SELECT pg_backend_pid()"))
    await pool.dispose()

    assert replacement_id != victim_id


async def test_one_that_dies_unheard_of_is_a_database_away(migrated: dict[str, str]) -> None:
    pool = engine(migrated["DATABASE_URL"], application_name="tests", pool_size=2)
    async with pool.connect() as killer, pool.connect() as victim:
        victim_id = await victim.scalar(text("SELECT pg_backend_pid()"))
        await killer.execute(text(f"SELECT pg_terminate_backend({victim_id})"))
        with pytest.raises(DBAPIError) as caught:
            await victim.execute(text("SELECT 1"))
    await pool.dispose()

    assert trouble_of(caught.value) == AWAY


async def test_what_only_reads_begins_no_transaction(migrated: dict[str, str]) -> None:
    pool = engine(migrated["QUERY_DATABASE_URL"], application_name="tests", only_reads=True)
    async with pool.connect() as connection:
        moments = {await connection.scalar(text("SELECT now()")) for _ in range(2)}
    await pool.dispose()

    assert len(moments) == 2


async def test_what_people_wrote_stays_out_of_errors(migrated: dict[str, str]) -> None:
    pool = engine(migrated["DATABASE_URL"], application_name="tests")
    async with pool.connect() as connection:
        with pytest.raises(DBAPIError) as caught:
            await connection.execute(text("SELECT CAST(:note AS text), 1 / 0"), {"note": "diary"})
    await pool.dispose()

    assert "division by zero" in str(caught.value)
    assert "diary" not in str(caught.value)
