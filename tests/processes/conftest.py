"""An installation of servers and services of its own, since services of it are killed."""

import asyncio
import tempfile
from collections.abc import AsyncIterator, Mapping
from pathlib import Path

import aiohttp
import pytest_asyncio
from pydantic import SecretStr

from bus.provision import provision
from migrations.upgrade import migration_url, upgrade
from services.discovery import all_apps, consumers
from services.run import SERVICES
from switchboard.local.servers import LocalServers, local_servers
from tests.chat import Chat
from tests.processes.processes import Services


@pytest_asyncio.fixture(scope="package", loop_scope="session")
async def installation() -> AsyncIterator[LocalServers]:
    """Servers, migrated and provisioned."""
    with tempfile.TemporaryDirectory(prefix="switchboard-test-") as directory:
        async with local_servers(Path(directory), all_apps()) as servers:
            await prepare(servers.environment)
            yield servers


async def prepare(environment: Mapping[str, str]) -> None:
    """Bring tables, streams and consumers up to date."""
    await asyncio.to_thread(upgrade, migration_url(environment))
    seed = SecretStr(environment["NATS_SEED_OPERATOR"])
    await provision(environment["NATS_URL"], seed, consumers())


@pytest_asyncio.fixture(scope="package", loop_scope="session")
async def services(installation: LocalServers) -> AsyncIterator[Services]:
    """Every service as a process of its own."""
    # Nobody in a test takes time to read.
    quick = {"FLOOD_BURST": "100000", "CHAT_BURST": "1000"}
    running = Services({**installation.environment, **quick})
    try:
        await running.start("playground")
        await running.start(*(name for name in SERVICES if name != "playground"))
        yield running
    finally:
        await running.stop_all()


@pytest_asyncio.fixture(loop_scope="session")
async def person(services: Services) -> AsyncIterator[Chat]:
    """Somebody new."""
    async with aiohttp.ClientSession(services.environment["TELEGRAM_API_URL"]) as http:
        async with http.post("/sim/people", json={"first_name": "Somebody"}) as response:
            person_id = (await response.json())["id"]
        yield Chat(http, "documents", person_id)
