"""The whole of Switchboard on one machine: servers, tables, streams and all services."""

import asyncio
import os
from pathlib import Path

import click

from services.discovery import all_apps
from services.run import SERVICES, ServiceFailed, serve
from services.settings import TELEGRAM, WrongSettings
from switchboard.errors import Trouble
from switchboard.foreground import until_first_ends
from switchboard.installation import migrate, provision_bus
from switchboard.local.environment import foreign, has_playground
from switchboard.local.servers import LocalServers, local_servers


async def run_all(directory: Path) -> None:
    """Runs everything in this process, and says where to look once it is ready."""
    given = foreign(os.environ, directory / "env")
    click.echo("Starting servers and services; the first time takes longest.")
    async with local_servers(directory, all_apps(), given) as servers:
        await _prepare(servers)
        await until_first_ends(servers.watch(), _serve(servers, has_playground(given)))


async def run_servers(directory: Path) -> None:
    """Runs the servers only, for services started by hand or under a debugger."""
    given = foreign(os.environ, directory / "env")
    async with local_servers(directory, all_apps(), given, services_run=True) as servers:
        await _prepare(servers)
        click.echo(f"The servers are ready. For services: . {directory / 'env'}")
        await servers.watch()


async def _prepare(servers: LocalServers) -> None:
    for words in servers.moved:
        click.echo(words)
    os.environ.update(servers.environment)  # services read their settings there
    await asyncio.gather(migrate(os.environ), provision_bus())


async def _serve(servers: LocalServers, playground: bool) -> None:
    def say_ready() -> None:
        address = os.environ.get("TELEGRAM_API_URL", TELEGRAM)
        servers.say_address(address)
        where = f"open {address}" if playground else f"its bots answer at {address}"
        click.echo(f"Switchboard is ready: {where}")

    names = [name for name in SERVICES if playground or name != "playground"]
    try:
        await serve(names, say_ready)
    except (WrongSettings, ServiceFailed) as error:
        raise Trouble(str(error)) from error
