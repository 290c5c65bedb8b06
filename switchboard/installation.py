"""Brings what lies under the services up to date: tables, streams, consumers."""

import asyncio
from collections.abc import Mapping

from bus.errors import BusError
from bus.provision import provision
from migrations.upgrade import MigrationError, migration_url, upgrade
from services.discovery import consumers
from services.settings import OperatorSettings, WrongSettings, read_settings
from switchboard.errors import Trouble


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
