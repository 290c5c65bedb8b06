"""Brings a database to the newest tables of every app."""

import asyncio
import ssl
import time
from collections.abc import Collection, Mapping
from functools import cache
from pathlib import Path

import asyncpg
import structlog
from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from alembic.util import CommandError
from sqlalchemy import make_url
from sqlalchemy.exc import SQLAlchemyError

_INI = Path(__file__).parent.parent / "alembic.ini"
_WAIT_SECONDS = 60.0
_RETRY_EVERY = 0.5

_log = structlog.get_logger()


class MigrationError(Exception):
    """The database is not at the newest tables; the text says why."""


def migration_url(environment: Mapping[str, str]) -> str:
    """The migrator's address; without one, the address the services use. Raises `KeyError`."""
    return environment.get("MIGRATION_DATABASE_URL") or environment["DATABASE_URL"]


def needed_by(revision: str) -> frozenset[str]:
    """Return a revision and all that must have run before it. Raises `KeyError` when unknown."""
    return _history()[revision]


def all_revisions() -> frozenset[str]:
    """Return every revision that the code knows."""
    return frozenset(_history())


@cache
def _history() -> Mapping[str, frozenset[str]]:
    scripts = ScriptDirectory.from_config(Config(_INI))
    parents = {
        script.revision: [*_names(script.down_revision), *_names(script.dependencies)]
        for script in scripts.walk_revisions()
    }

    def with_all_before(revision: str) -> frozenset[str]:
        return frozenset({revision}).union(*map(with_all_before, parents[revision]))

    return {revision: with_all_before(revision) for revision in parents}


def _names(revisions: str | Collection[str] | None) -> Collection[str]:
    return [revisions] if isinstance(revisions, str) else revisions or []


def upgrade(url: str) -> None:
    """Runs what is missing, after waiting for a database that is starting.

    Copies that do this at once take turns. Blocks; runs an event loop of its own. Raises
    `MigrationError`.
    """
    config = Config(_INI)
    config.attributes["url"] = url
    try:
        asyncio.run(_wait_for(url))
        command.upgrade(config, "heads")
    except (OSError, asyncpg.PostgresError, SQLAlchemyError, CommandError) as error:
        raise MigrationError(f"The database could not be migrated: {error}") from error


async def _wait_for(url: str) -> None:
    address = make_url(url).set(drivername="postgresql")
    plain = address.render_as_string(hide_password=False)
    deadline = time.monotonic() + _WAIT_SECONDS
    while True:
        try:
            connection = await asyncpg.connect(plain, timeout=5)
        except ssl.SSLCertVerificationError as error:
            raise MigrationError(f"{address!r} is not who it should be: {error}") from error
        except (OSError, TimeoutError, asyncpg.CannotConnectNowError) as error:
            if time.monotonic() > deadline:
                raise MigrationError(f"{address!r} does not answer: {error}") from error
            _log.info("database.awaited", address=repr(address), reason=str(error))
            await asyncio.sleep(_RETRY_EVERY)
        else:
            await connection.close()
            return
