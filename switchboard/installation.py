"""Brings what lies under the services up to date: tables, streams, consumers."""

import asyncio
from collections.abc import Mapping

from pydantic import SecretStr
from services.run import APPS, consumers

from bus.errors import BusError
from bus.provision import provision
from migrations.upgrade import MigrationError, migration_url, upgrade
from switchboard.errors import Trouble
from switchboard.keys import seed_variable


def chosen_apps(environment: Mapping[str, str]) -> list[str]:
    """The apps named in APPS, or all."""
    names = [name.strip() for name in environment.get("APPS", "").split(",") if name.strip()]
    if unknown := sorted(set(names) - set(APPS)):
        raise Trouble(f"APPS names {', '.join(unknown)}, but there is only {', '.join(APPS)}.")
    return names or list(APPS)


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


async def provision_bus(environment: Mapping[str, str]) -> list[str]:
    """Applies the table of streams and consumers; returns what changed, in words."""
    for name in (url_name := "NATS_URL", seed_name := seed_variable("operator")):
        if not environment.get(name):
            raise Trouble(f"{name} must be set.")
    url, seed = environment[url_name], SecretStr(environment[seed_name])
    try:
        return await provision(url, seed, consumers(chosen_apps(environment)))
    except TimeoutError:
        raise Trouble(f"NATS at {url} does not answer the operator.") from None
    except BusError as error:
        raise Trouble(f"NATS at {url} could not be provisioned: {error}") from error
