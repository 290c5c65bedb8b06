"""An installation of servers and services of its own, since services of it are killed."""

import asyncio
import tempfile
from collections.abc import AsyncIterator, Mapping
from pathlib import Path

import aiohttp
import pytest
import pytest_asyncio
from pydantic import SecretStr

from bus.provision import provision
from migrations.upgrade import migration_url, upgrade
from services.discovery import all_apps, consumers
from services.run import SERVICES
from switchboard.local.servers import LocalServers, local_servers
from tests.chat import Chat
from tests.flows.conftest import UNTOLD
from tests.processes.processes import Services

SERVERS = {"nats", "postgres", "redis"}
BESIDE_PLAYGROUND = [name for name in SERVICES if name != "playground"]


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
async def all_services(installation: LocalServers) -> AsyncIterator[Services]:
    """Every service as a process of its own."""
    # Nobody in a test takes time to read.
    quick = {"FLOOD_BURST": "100000", "CHAT_BURST": "1000", "APPS": "documents"}
    running = Services({**installation.environment, **quick, **UNTOLD})
    try:
        await running.start("playground")
        await running.start(*BESIDE_PLAYGROUND)
        yield running
    finally:
        await running.stop_all()


@pytest_asyncio.fixture(loop_scope="session")
async def services(
    all_services: Services, installation: LocalServers, request: pytest.FixtureRequest
) -> AsyncIterator[Services]:
    """Every service, once, and Telegram without faults.

    That is put right after a test that fails; one that leaves it otherwise fails for that.
    """
    failed_before = request.session.testsfailed
    yield all_services
    wrong = [f"{name} was not running" for name in SERVERS if name not in installation.processes]
    for name in SERVERS - installation.processes.keys():
        await installation.start(name)
    wrong += await all_services.put_right("playground", *BESIDE_PLAYGROUND)
    wrong += await faults_left(all_services)
    assert request.session.testsfailed > failed_before or not wrong, "\n".join(wrong)


async def faults_left(services: Services) -> list[str]:
    """Have Telegram forget the faults that still wait; returns them."""
    async with aiohttp.ClientSession(services.environment["TELEGRAM_API_URL"]) as http:
        async with http.get("/sim/faults") as response:
            waiting = (await response.json())["faults"]
        async with http.delete("/sim/faults") as response:
            assert response.status == 200, await response.text()
    return [f"a fault waits: {fault}" for fault in waiting]


@pytest_asyncio.fixture(loop_scope="session")
async def person(services: Services) -> AsyncIterator[Chat]:
    """Somebody new."""
    async with aiohttp.ClientSession(services.environment["TELEGRAM_API_URL"]) as http:
        async with http.post("/sim/people", json={"first_name": "Somebody"}) as response:
            person_id = (await response.json())["id"]
        yield Chat(http, "documents", person_id)
