"""PostgreSQL: a stolen credential of a service does what the service does, and nothing else."""

import asyncio
import secrets
from collections.abc import AsyncIterator, Mapping
from urllib.parse import urlsplit

import asyncpg
import pytest
import pytest_asyncio
from asyncpg import InsufficientPrivilegeError

from database.roles import ROLES
from database.scram import scram_verifier
from switchboard.local.servers import LocalServers
from tests.switchboard.probes import plain_url

NOBODYS = (
    "CREATE TABLE mine (id int)",
    "CREATE TEMP TABLE mine (id int)",
    "CREATE SCHEMA mine",
    "CREATE VIEW mine AS SELECT 1",
    "CREATE FUNCTION mine() RETURNS int LANGUAGE sql AS 'SELECT 1'",
    "CREATE ROLE mine LOGIN",
    "CREATE DATABASE mine",
    "ALTER TABLE documents ADD COLUMN more text",
    "ALTER ROLE migrator PASSWORD 'mine'",
    "ALTER SYSTEM SET fsync = off",
    "DROP TABLE documents",
    "TRUNCATE documents",
    "SET ROLE migrator",
    "SET ROLE postgres",
    "GRANT migrator TO query",
    "INSERT INTO alembic_version VALUES ('forged')",
    "UPDATE alembic_version SET version_num = 'forged'",
    "DELETE FROM alembic_version",
    "COPY documents TO PROGRAM 'cat'",
    "COPY documents TO '/tmp/mine'",
    "COPY documents FROM '/etc/passwd'",
    "SELECT pg_read_file('/etc/passwd')",
    "SELECT pg_ls_dir('/')",
    "SELECT lo_create(0)",
    "SELECT lo_from_bytea(0, 'mine')",
    "SELECT lo_import('/etc/passwd')",
    "SELECT rolpassword FROM pg_authid",
    "SELECT pg_reload_conf()",
)
QUERYS = (
    "SELECT * FROM handled",
    "SELECT outcome FROM handled",
    "SELECT * FROM scheduled",
    "INSERT INTO people VALUES (1, 'en', 'UTC')",
    "UPDATE people SET roles = '{admin}'",
    "DELETE FROM documents",
    "UPDATE links SET revoked_at = NULL",
    "SELECT * FROM documents FOR UPDATE",
    "SELECT nextval('documents_id_seq')",
    "SELECT setval('documents_id_seq', 1)",
    "COPY documents FROM STDIN",
)


async def connected(
    environment: Mapping[str, str], variable: str, **other: str
) -> asyncpg.Connection:
    """Connect as whoever stole an address."""
    url = plain_url(environment[variable])
    return await asyncpg.connect(url, timeout=60, command_timeout=60, **other)


@pytest_asyncio.fixture
async def query(migrated: dict[str, str]) -> AsyncIterator[asyncpg.Connection]:
    """Query's credential, every belt taken off that its role may take off."""
    connection = await connected(migrated, "QUERY_DATABASE_URL")
    await connection.execute("SET default_transaction_read_only = off")
    await connection.execute("SET statement_timeout = 0")
    yield connection
    await connection.close()


@pytest_asyncio.fixture
async def storage(migrated: dict[str, str]) -> AsyncIterator[asyncpg.Connection]:
    """Storage's credential."""
    connection = await connected(migrated, "DATABASE_URL")
    yield connection
    await connection.close()


@pytest.mark.parametrize("statement", NOBODYS)
async def test_storage_rules_over_rows_only(storage: asyncpg.Connection, statement: str) -> None:
    with pytest.raises(InsufficientPrivilegeError):
        await storage.execute(statement)


@pytest.mark.parametrize("statement", [*NOBODYS, *QUERYS])
async def test_query_only_reads_what_it_answers_from(
    query: asyncpg.Connection, statement: str
) -> None:
    with pytest.raises(InsufficientPrivilegeError):
        await query.execute(statement)


async def test_a_table_of_a_new_app_needs_no_care(
    migrated: dict[str, str], storage: asyncpg.Connection, query: asyncpg.Connection
) -> None:
    migrator = await connected(migrated, "MIGRATION_DATABASE_URL")
    await migrator.execute("CREATE TABLE new_app (id int GENERATED ALWAYS AS IDENTITY, name text)")
    try:
        await storage.execute("INSERT INTO new_app (name) VALUES ('a')")
        assert await query.fetchval("SELECT name FROM new_app") == "a"
        for role, statement in (
            (query, "UPDATE new_app SET name = 'b'"),
            (storage, "TRUNCATE new_app"),
            (storage, "ALTER TABLE new_app OWNER TO storage"),
        ):
            with pytest.raises(InsufficientPrivilegeError):
                await role.execute(statement)
    finally:
        await migrator.execute("DROP TABLE new_app")
        await migrator.close()


async def test_the_migrator_is_no_superuser(migrated: dict[str, str]) -> None:
    migrator = await connected(migrated, "MIGRATION_DATABASE_URL")
    for statement in ("CREATE ROLE mine", "ALTER SYSTEM SET fsync = off", "SET ROLE postgres"):
        with pytest.raises(InsufficientPrivilegeError):
            await migrator.execute(statement)
    await migrator.close()


@pytest.mark.parametrize("database", ["postgres", "template1"])
@pytest.mark.parametrize("variable", ["DATABASE_URL", "QUERY_DATABASE_URL"])
async def test_no_other_database_is_open(
    migrated: dict[str, str], variable: str, database: str
) -> None:
    with pytest.raises(InsufficientPrivilegeError):
        await connected(migrated, variable, database=database)


@pytest.mark.parametrize("role", [*ROLES, "postgres", "bot", "notifier", "files", "gateway"])
async def test_what_others_than_storage_and_query_know_opens_nothing(
    migrated: dict[str, str], role: str
) -> None:
    stolen = [urlsplit(migrated[f"{who}_REDIS_URL"]).password for who in ("BOT", "FILES")]
    stolen += [migrated["NATS_SEED_BOT"], migrated["BOT_TOKENS"], migrated["LINK_SECRET"], "", role]
    for password in stolen:
        with pytest.raises(
            (asyncpg.InvalidPasswordError, asyncpg.InvalidAuthorizationSpecificationError)
        ):
            await connected(migrated, "DATABASE_URL", user=role, password=password or "")


async def test_no_service_but_storage_and_query_is_told_where_the_database_is() -> None:
    from services.run import SERVICES, load

    told = {
        name
        for name in SERVICES
        if any("database" in field for field in load(name)[0].model_fields)
    }
    assert told == {"storage", "query"}


async def test_a_role_holds_no_more_connections_than_its_own(migrated: dict[str, str]) -> None:
    attempts = [connected(migrated, "DATABASE_URL") for _ in range(ROLES["storage"] + 1)]
    done = await asyncio.gather(*attempts, return_exceptions=True)
    held = [each for each in done if isinstance(each, asyncpg.Connection)]
    refused = [each for each in done if isinstance(each, BaseException)]
    assert refused
    assert all(isinstance(each, asyncpg.TooManyConnectionsError) for each in refused)
    other = await connected(migrated, "QUERY_DATABASE_URL")
    assert await other.fetchval("SELECT 1") == 1
    for connection in (*held, other):
        await connection.close()


async def test_settings_of_the_roles_end_what_hangs(
    storage: asyncpg.Connection, migrated: dict[str, str]
) -> None:
    for connection in (storage, await connected(migrated, "QUERY_DATABASE_URL")):
        for name, value in (
            ("statement_timeout", "10s"),
            ("lock_timeout", "5s"),
            ("idle_in_transaction_session_timeout", "10s"),
        ):
            assert await connection.fetchval(f"SHOW {name}") == value
        with pytest.raises(InsufficientPrivilegeError):
            await connection.execute("SET temp_file_limit = -1")
    await connection.close()


async def test_the_servers_log_quotes_neither_rows_nor_passwords(
    servers: LocalServers, storage: asyncpg.Connection
) -> None:
    word = secrets.token_hex(16)
    with pytest.raises(asyncpg.UniqueViolationError) as failed:
        await storage.execute(
            "INSERT INTO handled (handler, message_id) VALUES ($1, $1), ($1, $1)", word
        )
    assert word in str(failed.value)  # which is why errors are cut before they are logged
    log = (servers.directory / "logs" / "postgres.log").read_text(errors="replace")
    assert "duplicate key value violates unique constraint" in log
    assert word not in log


async def test_the_server_is_told_no_password(storage: asyncpg.Connection) -> None:
    made = scram_verifier("a password")
    assert made.startswith("SCRAM-SHA-256$4096:")
    assert "a password" not in made
    assert made != scram_verifier("a password")
