"""`scripts/migrate.py`: patient with a database that is starting, clear about one that is not."""

import asyncio
import os
import sys
from asyncio.subprocess import PIPE, Process
from pathlib import Path

import asyncpg

from switchboard.local.servers import local_servers
from tests.switchboard.command import read_until
from tests.switchboard.outside import ONLY_POSTGRES
from tests.switchboard.probes import plain_url

SCRIPT = Path(__file__).parents[2] / "scripts" / "migrate.py"
APPS_WITH_TABLES = {"people", "documents"}


async def test_waits_for_a_database_that_is_starting(scratch: Path) -> None:
    async with local_servers(scratch, [], ONLY_POSTGRES) as servers:
        await servers.stop("postgres")
        migrate = await _start(servers.environment)
        await read_until(migrate, "database.awaited")
        await servers.start("postgres")
        await asyncio.wait_for(migrate.communicate(), timeout=60)
        assert migrate.returncode == 0
        assert await _tables(servers.environment["QUERY_DATABASE_URL"]) >= APPS_WITH_TABLES


async def test_two_at_once_take_turns(scratch: Path) -> None:
    async with local_servers(scratch, [], ONLY_POSTGRES) as servers:
        both = [await _start(servers.environment) for _ in range(2)]
        for migrate in both:
            _, errors = await asyncio.wait_for(migrate.communicate(), timeout=60)
            assert migrate.returncode == 0, errors


async def test_wrong_password_is_said_at_once(scratch: Path) -> None:
    async with local_servers(scratch, [], ONLY_POSTGRES) as servers:
        url = servers.environment["MIGRATION_DATABASE_URL"].replace("migrator:", "migrator:x")
        migrate = await _start({"MIGRATION_DATABASE_URL": url})
        _, errors = await asyncio.wait_for(migrate.communicate(), timeout=60)
    assert migrate.returncode == 1
    assert b"could not be migrated: password authentication failed" in errors
    assert b"Traceback" not in errors


async def _start(settings: dict[str, str]) -> Process:
    return await asyncio.create_subprocess_exec(
        sys.executable, str(SCRIPT), stdout=PIPE, stderr=PIPE, env={**os.environ, **settings}
    )


async def _tables(url: str) -> set[str]:
    connection = await asyncpg.connect(plain_url(url))
    rows = await connection.fetch("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
    await connection.close()
    return {row["tablename"] for row in rows}
