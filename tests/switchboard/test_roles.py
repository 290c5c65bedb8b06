"""PostgreSQL's roles: each can do its work and nothing else."""

import json
from collections.abc import AsyncIterator

import asyncpg
import pytest
import pytest_asyncio
from asyncpg import InsufficientPrivilegeError, InvalidPasswordError

from database.roles import ROLES, create_roles
from switchboard.local.servers import LocalServers
from tests.switchboard.probes import plain_url

SUPERUSER = "postgres"


async def _connect(environment: dict[str, str], variable: str) -> asyncpg.Connection:
    return await asyncpg.connect(plain_url(environment[variable]), timeout=60, command_timeout=60)


@pytest_asyncio.fixture
async def migrator(environment: dict[str, str]) -> AsyncIterator[asyncpg.Connection]:
    """The role's connection, and a table that it made."""
    connection = await _connect(environment, "MIGRATION_DATABASE_URL")
    await connection.execute("CREATE TABLE things (id int GENERATED ALWAYS AS IDENTITY, name text)")
    yield connection
    await connection.execute("DROP TABLE things")
    await connection.close()


@pytest_asyncio.fixture
async def storage(
    environment: dict[str, str], migrator: asyncpg.Connection
) -> AsyncIterator[asyncpg.Connection]:
    connection = await _connect(environment, "DATABASE_URL")
    yield connection
    await connection.close()


@pytest_asyncio.fixture
async def query(
    environment: dict[str, str], migrator: asyncpg.Connection
) -> AsyncIterator[asyncpg.Connection]:
    connection = await _connect(environment, "QUERY_DATABASE_URL")
    yield connection
    await connection.close()


async def test_storage_changes_rows(storage: asyncpg.Connection) -> None:
    await storage.execute("INSERT INTO things (name) VALUES ('one'), ('two')")
    await storage.execute("UPDATE things SET name = 'three' WHERE name = 'two'")
    await storage.execute("DELETE FROM things WHERE name = 'one'")
    assert await storage.fetchval("SELECT name FROM things") == "three"


@pytest.mark.parametrize(
    "statement",
    [
        "CREATE TABLE mine (id int)",
        "CREATE TEMP TABLE mine (id int)",
        "CREATE SCHEMA mine",
        "ALTER TABLE things ADD COLUMN more text",
        "DROP TABLE things",
        "TRUNCATE things",
        "SET ROLE migrator",
        "COPY things TO PROGRAM 'cat'",
    ],
)
async def test_storage_changes_no_tables(storage: asyncpg.Connection, statement: str) -> None:
    with pytest.raises(InsufficientPrivilegeError):
        await storage.execute(statement)


@pytest.mark.parametrize(
    "statement",
    [
        "INSERT INTO things (name) VALUES ('one')",
        "UPDATE things SET name = 'two'",
        "DELETE FROM things",
        "CREATE TABLE mine (id int)",
    ],
)
async def test_query_only_reads(query: asyncpg.Connection, statement: str) -> None:
    await query.execute("SET default_transaction_read_only = off")  # which anyone may
    with pytest.raises(InsufficientPrivilegeError):
        await query.execute(statement)
    assert await query.fetch("SELECT name FROM things") == []


async def test_case_is_known_beyond_ascii(query: asyncpg.Connection) -> None:
    assert await query.fetchval("SELECT lower('ПАСПОРТ Ё')") == "паспорт ё"


async def test_again_changes_only_the_passwords(
    servers: LocalServers, environment: dict[str, str], query: asyncpg.Connection
) -> None:
    secrets = json.loads((servers.directory / "secrets.json").read_text())["databases"]
    url = plain_url(environment["DATABASE_URL"])
    address = url.partition("@")[2].partition("/")[0]
    superuser = f"postgresql://{SUPERUSER}:{secrets[SUPERUSER]}@{address}/postgres"
    strange = 'it\'s a \\ "password" %s $1'
    await create_roles(superuser, {**dict.fromkeys(ROLES, "x"), "storage": strange})
    try:
        connection = await asyncpg.connect(url, password=strange)
        await connection.close()
        with pytest.raises(InvalidPasswordError):
            await asyncpg.connect(url, password="another")
    finally:
        await create_roles(superuser, secrets)
