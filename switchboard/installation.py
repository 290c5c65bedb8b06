"""Brings what lies under the services up to date: tables, streams, consumers."""

import asyncio
from collections.abc import Mapping
from urllib.parse import unquote, urlsplit

import asyncpg

from bus.errors import BusError
from bus.provision import provision
from database.roles import LocaleError, create_roles
from migrations.upgrade import MigrationError, migration_url, upgrade
from services.discovery import consumers
from services.settings import OperatorSettings, WrongSettings, read_settings
from switchboard.errors import Trouble

_ADDRESSES = {
    "storage": "DATABASE_URL",
    "query": "QUERY_DATABASE_URL",
    "migrator": "MIGRATION_DATABASE_URL",
}


async def make_roles(environment: Mapping[str, str]) -> None:
    """Makes the database and its roles, with the passwords that the services' addresses hold."""
    passwords = {role: _password(role, environment) for role in _ADDRESSES}
    try:
        await create_roles(environment["SUPERUSER_DATABASE_URL"], passwords)
    except KeyError:
        raise Trouble("SUPERUSER_DATABASE_URL must be set.") from None
    except (LocaleError, asyncpg.PostgresError, OSError) as error:
        raise Trouble(f"PostgreSQL's roles could not be made: {error}") from None


def _password(role: str, environment: Mapping[str, str]) -> str:
    name = _ADDRESSES[role]
    try:
        parts = urlsplit(environment.get(name, ""))
    except ValueError:
        raise Trouble(f"{name} is no address.") from None
    if unquote(parts.username or "") != role or not parts.password:
        raise Trouble(f"{name} must name {role} and a password: postgresql://{role}:...@<host>.")
    return unquote(parts.password)


async def migrate(environment: Mapping[str, str]) -> None:
    """Brings the database to the newest tables."""
    try:
        url = migration_url(environment)
    except KeyError:
        raise Trouble("MIGRATION_DATABASE_URL (or DATABASE_URL) must be set.") from None
    try:
        await asyncio.to_thread(upgrade, url)
    except MigrationError as error:
        raise Trouble(str(error)) from error


async def provision_bus() -> list[str]:
    """Applies the table of streams and consumers; returns what changed, in words."""
    try:
        settings = read_settings(OperatorSettings)
    except WrongSettings as error:
        raise Trouble(str(error)) from None
    url = settings.nats_url
    try:
        return await provision(url, settings.nats_seed_operator, consumers())
    except BusError as error:
        raise Trouble(f"NATS at {url} could not be provisioned: {error}") from error
