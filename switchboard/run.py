"""The whole of Switchboard on one machine: servers, tables, streams and all services."""

import os
from pathlib import Path

import click
from services.run import serve

from switchboard.foreground import until_first_ends
from switchboard.installation import chosen_apps, migrate, provision_bus
from switchboard.local.environment import has_playground
from switchboard.local.servers import LocalServers, local_servers

_SERVICES = ("gateway", "bot", "storage", "query", "notifier", "files")


async def run_all(directory: Path) -> None:
    """Runs everything in this process, and says where to look once it is ready."""
    async with local_servers(directory, chosen_apps(os.environ), os.environ) as servers:
        environment = await _prepare(servers)
        address = environment.get("TELEGRAM_API_URL", "https://api.telegram.org")

        def say_ready() -> None:
            if has_playground(os.environ):
                click.echo(f"Switchboard is ready: open {address}")
            else:
                click.echo(f"Switchboard is ready: its bots answer at {address}")

        names = [*_SERVICES, "playground"] if has_playground(os.environ) else _SERVICES
        await until_first_ends(servers.watch(), serve(names, environment, say_ready))


async def run_servers(directory: Path) -> None:
    """Runs the servers only, for services started by hand or under a debugger."""
    async with local_servers(directory, chosen_apps(os.environ), os.environ) as servers:
        await _prepare(servers)
        click.echo(f"The servers are ready. Settings for services: . {directory / 'env'}")
        await servers.watch()


async def _prepare(servers: LocalServers) -> dict[str, str]:
    environment = {**os.environ, **servers.environment}
    await migrate(environment)
    await provision_bus(environment)
    return environment
