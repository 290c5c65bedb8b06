"""Who may do what in PostgreSQL: the database and its roles, granted by name."""

from collections.abc import Mapping, Sequence
from urllib.parse import urlsplit, urlunsplit

import asyncpg
import structlog

from database.scram import scram_verifier

DATABASE = "switchboard"

ROLES: Mapping[str, int] = {"migrator": 10, "storage": 50, "query": 40}
"""The roles that log in, and how many connections each may hold."""

SERVICES = ("storage", "query")

_LOCK = 0x5357_4954  # any number, the same in every copy that provisions at once
_TIMEOUT = 30.0

_ON_SERVER = """
REVOKE ALL ON DATABASE {database}, postgres, template1 FROM PUBLIC;
GRANT CONNECT ON DATABASE {database} TO migrator, storage, query;
ALTER ROLE query SET default_transaction_read_only = on;
"""

# Belts only, apart from the last two: a role may set its own settings otherwise.
_ON_SERVER_BY_ROLE = """
ALTER ROLE {role} SET idle_in_transaction_session_timeout = '10s';
ALTER ROLE {role} SET statement_timeout = '10s';
ALTER ROLE {role} SET lock_timeout = '5s';
ALTER ROLE {role} SET temp_file_limit = '256MB';
ALTER ROLE {role} SET log_error_verbosity = 'terse';
"""

# Privileges are granted ahead, on the tables that migrator will make: a migration says nothing
# of roles, and only takes back what is too much for a table of its own.
_IN_DATABASE = """
ALTER SCHEMA public OWNER TO migrator;
REVOKE ALL ON SCHEMA public FROM PUBLIC;
GRANT USAGE ON SCHEMA public TO storage, query;
ALTER DEFAULT PRIVILEGES FOR ROLE migrator IN SCHEMA public
    GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO storage;
ALTER DEFAULT PRIVILEGES FOR ROLE migrator IN SCHEMA public
    GRANT USAGE, SELECT ON SEQUENCES TO storage;
ALTER DEFAULT PRIVILEGES FOR ROLE migrator IN SCHEMA public
    GRANT SELECT ON TABLES TO query;
"""

# Large objects belong to no table, so that nothing else would keep anybody from writing them.
_WRITES_WITHOUT_TABLES = """
SELECT format('REVOKE EXECUTE ON FUNCTION %s FROM PUBLIC', oid::regprocedure) FROM pg_proc
WHERE pronamespace = 'pg_catalog'::regnamespace
    AND proname IN ('lo_creat', 'lo_create', 'lo_from_bytea', 'lo_import', 'lo_put', 'lowrite')
"""

_log = structlog.get_logger()


class LocaleError(Exception):
    """The server cannot tell upper from lower case beyond ASCII: searches would miss people."""


async def create_roles(superuser_url: str, passwords: Mapping[str, str]) -> None:
    """Creates the database and the roles, or brings them to what is said here.

    `superuser_url` names any database of the server; `passwords` are by role (see `ROLES`).
    Needs PostgreSQL 15 or newer. Raises `LocaleError`, `asyncpg.PostgresError` and `OSError`.
    """
    server = await asyncpg.connect(superuser_url, timeout=_TIMEOUT, command_timeout=_TIMEOUT)
    try:
        # Held until the connection closes: two copies that start at once take turns.
        await server.execute("SELECT pg_advisory_lock($1)", _LOCK)
        await _create_database(server)
        for role in ROLES:
            await _create_role(server, role, passwords[role])
        await server.execute(_ON_SERVER.format(database=DATABASE))
        for role in SERVICES:
            await server.execute(_ON_SERVER_BY_ROLE.format(role=role))
        await _grant_in_database(superuser_url)
    finally:
        await server.close()


async def _create_database(server: asyncpg.Connection) -> None:
    if await server.fetchval("SELECT 1 FROM pg_database WHERE datname = $1", DATABASE):
        return
    for locale in _locales(server.get_server_version().major):
        try:
            await server.execute(
                f"CREATE DATABASE {DATABASE} TEMPLATE template0 ENCODING 'UTF8' {locale}"
            )
        except asyncpg.PostgresError as error:
            _log.warning("database.locale_refused", locale=locale, reason=str(error))
        else:
            return
    raise LocaleError("The PostgreSQL server offers no UTF-8 locale: install C.UTF-8 or ICU.")


def _locales(major_version: int) -> Sequence[str]:
    """From best to worst: the first does not change with the system's libraries."""
    builtin = "LOCALE 'C' LOCALE_PROVIDER builtin BUILTIN_LOCALE 'C.UTF-8'"
    older = ("LOCALE 'C.UTF-8' LOCALE_PROVIDER libc", "LOCALE_PROVIDER icu ICU_LOCALE 'und'")
    return (builtin, *older) if major_version >= 17 else older


async def _create_role(server: asyncpg.Connection, role: str, password: str) -> None:
    exists = await server.fetchval("SELECT 1 FROM pg_roles WHERE rolname = $1", role)
    # Statements about roles take no parameters: the server itself quotes what goes into them.
    # It is given no password but what it would make of it: a statement may end up in its log.
    statement = await server.fetchval(
        "SELECT format('%s ROLE %I LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION"
        " NOBYPASSRLS CONNECTION LIMIT %s PASSWORD %L', $1::text, $2::text, $3::int, $4::text)",
        "ALTER" if exists else "CREATE",
        role,
        ROLES[role],
        scram_verifier(password),
    )
    await server.execute(statement)


async def _grant_in_database(superuser_url: str) -> None:
    url = urlunsplit(urlsplit(superuser_url)._replace(path=f"/{DATABASE}"))
    database = await asyncpg.connect(url, timeout=_TIMEOUT, command_timeout=_TIMEOUT)
    try:
        if not await database.fetchval("SELECT lower('Ж') = 'ж'"):
            raise LocaleError(
                f"The database {DATABASE} has a locale that knows no case beyond ASCII: "
                "make it anew from template0 with the locale C.UTF-8."
            )
        await database.execute(_IN_DATABASE)
        for (statement,) in await database.fetch(_WRITES_WITHOUT_TABLES):
            await database.execute(statement)
    finally:
        await database.close()
