"""PostgreSQL: reachable, at the newest tables, safe in a power cut, and roles that may no more."""

import asyncio
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime

import asyncpg
from sqlalchemy import make_url

from migrations.upgrade import all_revisions, needed_by
from switchboard.doctor.bus import clock
from switchboard.doctor.findings import Finding, Patient, ok, problem, unknown, warning

CONNECT_WITHIN = 5.0
ROLES = {
    "storage": "DATABASE_URL",
    "query": "QUERY_DATABASE_URL",
    "migrator": "MIGRATION_DATABASE_URL",
}
_DURABLE = {"fsync": "on", "synchronous_commit": "on", "full_page_writes": "on"}
_MIGRATE = "Run `switchboard migrate`, then start the services anew."
_ROLES_ADVICE = "Grant anew as database/roles.py says; GRANTs are the lock, not the code."


async def check_database(patient: Patient) -> list[Finding]:
    """Look at the server as storage sees it, at the tables, and at what each role may do."""
    found: list[Finding] = []
    for role, variable in ROLES.items():
        url = patient.setting(variable)
        if not url:
            found.append(unknown(f"PostgreSQL as {role}", f"{variable} is not known here"))
            continue
        try:
            connection = await _connect(url)
        except (OSError, TimeoutError, asyncpg.PostgresError) as error:
            found.append(_away(role, variable, error))
            continue
        try:
            found += await _look(role, connection)
        finally:
            await connection.close(timeout=CONNECT_WITHIN)
    return found


async def _connect(url: str) -> asyncpg.Connection:
    plain = make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)
    return await asyncpg.connect(plain, timeout=CONNECT_WITHIN, command_timeout=CONNECT_WITHIN)


def _away(role: str, variable: str, error: Exception) -> Finding:
    if isinstance(error, asyncpg.PostgresError) and not isinstance(
        error, asyncpg.CannotConnectNowError
    ):
        advice = f"Correct {variable}, or make the role and its database as database/roles.py does."
    else:
        advice = f"Start PostgreSQL, or correct {variable}. Services wait for it meanwhile."
    words = f"there is no connection: {type(error).__name__} {error}".rstrip()
    return problem(f"PostgreSQL as {role}", words, advice)


async def _look(role: str, connection: asyncpg.Connection) -> Sequence[Finding]:
    if role == "migrator":
        return [await _revision(connection), await _rights(role, connection)]
    if role == "query":
        return [await _rights(role, connection)]
    return [
        ok("PostgreSQL", f"answers as storage, version {connection.get_server_version().major}"),
        await _clock(connection),
        await _durability(connection),
        await _checksums(connection),
        await _rights(role, connection),
    ]


async def _clock(connection: asyncpg.Connection) -> Finding:
    began = datetime.now(UTC)
    there: datetime = await connection.fetchval("SELECT clock_timestamp()")
    half = (datetime.now(UTC) - began) / 2
    ahead = (there - began - half).total_seconds()
    return clock("PostgreSQL clock", "PostgreSQL", ahead, half.total_seconds())


async def _revision(connection: asyncpg.Connection) -> Finding:
    ours = await asyncio.to_thread(all_revisions)
    try:
        rows = await connection.fetch("SELECT version_num FROM alembic_version")
    except asyncpg.UndefinedTableError:
        return problem("tables", "there are none", _MIGRATE)
    there = {row["version_num"] for row in rows}
    if strange := there - ours:
        said = f"were changed by {_listed(strange)}, which this code does not know"
        return problem("tables", said, "Run the newer version of the code.")
    if missing := ours.difference(*map(needed_by, there)):
        return problem("tables", f"lack {_listed(missing)}", _MIGRATE)
    return ok("tables", f"are the newest: {_listed(there)}")


def _listed(names: Iterable[str]) -> str:
    return ", ".join(sorted(names))


async def _durability(connection: asyncpg.Connection) -> Finding:
    there = {name: await connection.fetchval(f"SHOW {name}") for name in _DURABLE}
    wrong = [f"{name} is {value}" for name, value in there.items() if value == "off"]
    if wrong:
        advice = f"A power cut would take what was promised: set {', '.join(_DURABLE)} to on."
        return problem("PostgreSQL fsync", "; ".join(wrong), advice)
    return ok("PostgreSQL fsync", "what is committed is on disk")


async def _checksums(connection: asyncpg.Connection) -> Finding:
    if await connection.fetchval("SHOW data_checksums") == "on":
        return ok("PostgreSQL checksums", "broken pages are noticed")
    return warning(
        "PostgreSQL checksums",
        "are off: a page that the disk has damaged goes unnoticed",
        "Stop PostgreSQL and run `pg_checksums --enable`, or take it when you move the data.",
    )


async def _rights(role: str, connection: asyncpg.Connection) -> Finding:
    """What a role may do to tables: storage and query nothing, query not even to rows."""
    check = f"PostgreSQL as {role}"
    user = await connection.fetchval("SELECT current_user")
    too_much = await connection.fetchval(
        """
        SELECT coalesce(string_agg(what, ', '), '') FROM (VALUES
            ('be superuser', (SELECT rolsuper OR rolcreaterole OR rolcreatedb OR rolreplication
                              OR rolbypassrls FROM pg_roles WHERE rolname = current_user)),
            ('create in public', $1 <> 'migrator' AND has_schema_privilege('public', 'CREATE')),
            ('create schemas', $1 <> 'migrator'
                AND has_database_privilege(current_database(), 'CREATE')),
            ('own tables', $1 <> 'migrator' AND EXISTS (SELECT FROM pg_tables
                WHERE schemaname = 'public' AND pg_has_role(tableowner, 'USAGE'))),
            ('truncate', $1 <> 'migrator' AND EXISTS (SELECT FROM pg_tables
                WHERE schemaname = 'public'
                AND has_table_privilege(format('%I.%I', schemaname, tablename), 'TRUNCATE'))),
            ('change rows', $1 = 'query' AND EXISTS (SELECT FROM pg_tables
                WHERE schemaname = 'public' AND has_table_privilege(
                    format('%I.%I', schemaname, tablename), 'INSERT, UPDATE, DELETE')))
        ) AS rights (what, has) WHERE has
        """,
        role,
    )
    if user != role:
        return warning(check, f"{ROLES[role]} connects as {user}", f"Use the role {role} there.")
    if too_much:
        return problem(check, f"the role {role} may {too_much}", _ROLES_ADVICE)
    return ok(check, f"the role {role} may do its work and nothing else")
