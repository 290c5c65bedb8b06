"""The doctor at PostgreSQL: what is wrong there is made so for real."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import NamedTuple

import asyncpg
import pytest

from switchboard.doctor.database import check_database
from switchboard.doctor.findings import Level, Patient
from switchboard.local.servers import LocalServers
from tests.switchboard.patients import found_by, none_but_ok, only, with_settings
from tests.switchboard.probes import plain_url


class Trouble(NamedTuple):
    """A change as a role, the way back, and what is found in between."""

    role: str
    change: str
    back: str
    said: str
    advice: str


@asynccontextmanager
async def changed(whom: Patient, trouble: Trouble) -> AsyncIterator[None]:
    """Change something in the database, and change it back."""
    connection = await asyncpg.connect(plain_url(whom.settings[trouble.role]))
    try:
        await connection.execute(trouble.change)
        yield
    finally:
        await connection.execute(trouble.back)
        await connection.close()


async def test_a_healthy_database(sick: Patient) -> None:
    findings = await found_by(check_database, sick)
    assert none_but_ok(findings)
    checks = {finding.check for finding in findings}
    assert checks >= {"PostgreSQL clock", "tables", "PostgreSQL fsync", "PostgreSQL checksums"}
    assert checks >= {"PostgreSQL as storage", "PostgreSQL as query", "PostgreSQL as migrator"}


DATABASE_TROUBLE = [
    Trouble(
        "MIGRATION_DATABASE_URL",
        "UPDATE alembic_version SET version_num = 'files_0001' WHERE version_num = 'files_0002'",
        "UPDATE alembic_version SET version_num = 'files_0002' WHERE version_num = 'files_0001'",
        "lack files_0002",
        "switchboard migrate",
    ),
    Trouble(
        "MIGRATION_DATABASE_URL",
        "INSERT INTO alembic_version VALUES ('future_0001')",
        "DELETE FROM alembic_version WHERE version_num = 'future_0001'",
        "changed by future_0001",
        "newer version of the code",
    ),
    Trouble(
        "DATABASE_URL",
        "ALTER ROLE storage SET synchronous_commit = off",
        "ALTER ROLE storage RESET synchronous_commit",
        "synchronous_commit is off",
        "power cut",
    ),
    Trouble(
        "MIGRATION_DATABASE_URL",
        "GRANT CREATE ON SCHEMA public TO storage",
        "REVOKE CREATE ON SCHEMA public FROM storage",
        "the role storage may create in public",
        "database/roles.py",
    ),
    Trouble(
        "MIGRATION_DATABASE_URL",
        "GRANT UPDATE ON documents TO query",
        "REVOKE UPDATE ON documents FROM query",
        "the role query may change rows",
        "database/roles.py",
    ),
    Trouble(
        "MIGRATION_DATABASE_URL",
        "GRANT TRUNCATE ON documents TO storage",
        "REVOKE TRUNCATE ON documents FROM storage",
        "the role storage may truncate",
        "database/roles.py",
    ),
]


@pytest.mark.parametrize("trouble", DATABASE_TROUBLE, ids=lambda each: each.said)
async def test_what_is_wrong_with_the_database(sick: Patient, trouble: Trouble) -> None:
    async with changed(sick, trouble):
        found = only(await found_by(check_database, sick))
    assert trouble.said in found.said
    assert trouble.advice in found.advice


async def test_a_database_that_is_away_or_refuses(sick: Patient, servers: LocalServers) -> None:
    wrong = plain_url(sick.settings["QUERY_DATABASE_URL"]).replace("://query:", "://query:x")
    refused = only(await found_by(check_database, with_settings(sick, QUERY_DATABASE_URL=wrong)))
    assert "Correct QUERY_DATABASE_URL" in refused.advice
    assert wrong not in refused.said
    await servers.stop("postgres")
    try:
        findings = await found_by(check_database, sick)
    finally:
        await servers.start("postgres")
    assert [finding.level for finding in findings] == [Level.PROBLEM] * 3
    assert "Start PostgreSQL" in findings[0].advice


async def test_roles_that_are_not_known_here_or_swapped(sick: Patient) -> None:
    without = with_settings(sick, MIGRATION_DATABASE_URL="")
    found = only(await found_by(check_database, without), level=Level.UNKNOWN)
    assert found.said.endswith("MIGRATION_DATABASE_URL is not known here")
    swapped = with_settings(sick, QUERY_DATABASE_URL=sick.settings["DATABASE_URL"])
    found = only(await found_by(check_database, swapped), level=Level.WARNING)
    assert "QUERY_DATABASE_URL connects as storage" in found.said
