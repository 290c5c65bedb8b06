"""What PostgreSQL says while it cannot be used is told from a statement that is wrong."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any
from urllib.parse import urlsplit

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from bus.trouble import AWAY, BUG, Kind
from database.engine import engine
from database.trouble import trouble_of


@asynccontextmanager
async def connection(url: str) -> AsyncIterator[AsyncConnection]:
    """Connect anew, as a pool does that has no connection left."""
    pool = engine(url, application_name="tests")
    try:
        async with pool.connect() as connected:
            yield connected
    finally:
        await pool.dispose()


async def failure(url: str, *statements: str) -> BaseException:
    """Return what comes of statements, in one transaction."""
    try:
        async with connection(url) as connected:
            for statement in statements:
                await connected.execute(text(statement))
    except Exception as error:  # noqa: BLE001 # which it is, is what is asked
        return error
    raise AssertionError("nothing failed")


async def test_a_password_that_is_being_replaced_is_a_database_away(
    migrated: dict[str, str],
) -> None:
    url = migrated["DATABASE_URL"]
    role = urlsplit(url)
    async with connection(url) as before:
        autocommit: Any = await before.execution_options(isolation_level="AUTOCOMMIT")
        await autocommit.execute(text(f"ALTER ROLE {role.username} PASSWORD 'another'"))
        try:
            refused = await failure(url, "SELECT 1")
        finally:
            await autocommit.execute(text(f"ALTER ROLE {role.username} PASSWORD '{role.password}'"))
    assert "password" in str(refused)
    assert trouble_of(refused) == AWAY


@pytest.mark.parametrize(
    "statements",
    [
        ("SET TRANSACTION READ ONLY", "DELETE FROM handled WHERE false"),
        ("DO $$BEGIN RAISE EXCEPTION 'no memory' USING ERRCODE = 'out_of_memory'; END$$",),
        ("DO $$BEGIN RAISE EXCEPTION 'no room' USING ERRCODE = 'disk_full'; END$$",),
        ("DO $$BEGIN RAISE EXCEPTION 'it stops' USING ERRCODE = 'admin_shutdown'; END$$",),
        ("DO $$BEGIN RAISE EXCEPTION 'the disk' USING ERRCODE = 'io_error'; END$$",),
    ],
    ids=["another is the master", "memory", "disk", "stops", "cannot read"],
)
async def test_what_passes_with_nothing_changed_is_a_database_away(
    migrated: dict[str, str], statements: tuple[str, ...]
) -> None:
    assert trouble_of(await failure(migrated["DATABASE_URL"], *statements)) == AWAY


async def test_a_database_that_is_not_there_is_away(
    migrated: dict[str, str], unused_tcp_port: int
) -> None:
    address = urlsplit(migrated["DATABASE_URL"])
    restored = address._replace(path="/restored_later").geturl()
    assert trouble_of(await failure(restored, "SELECT 1")) == AWAY
    credentials = f"{address.username}:{address.password}"
    down = address._replace(netloc=f"{credentials}@127.0.0.1:{unused_tcp_port}").geturl()
    assert trouble_of(await failure(down, "SELECT 1")) == AWAY


async def test_a_lock_that_another_holds_is_none_of_others(migrated: dict[str, str]) -> None:
    locked = "DO $$BEGIN RAISE EXCEPTION 'x' USING ERRCODE = 'lock_not_available'; END$$"
    assert trouble_of(await failure(migrated["DATABASE_URL"], locked)).kind is Kind.HELD_UP


async def test_a_wrong_statement_and_a_file_that_is_missing_are_bugs(
    migrated: dict[str, str],
) -> None:
    for wrong in ("SELECT 1 / 0", "SELECT nothing FROM nowhere"):
        assert trouble_of(await failure(migrated["DATABASE_URL"], wrong)) == BUG
    assert trouble_of(FileNotFoundError("report.pdf")) == BUG
