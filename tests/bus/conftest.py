"""Fixtures for tests of the bus: a NATS server of their own, which may be stopped and started."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack

import pytest
import pytest_asyncio
from pydantic import SecretStr

from bus.connection import connect
from bus.provision import provision
from bus.topology import STREAMS
from observability.logs import configure_logs
from services.discovery import all_apps, consumers
from switchboard.local.servers import LocalServers, local_servers
from tests.bus.bench import Bench, patient
from tests.switchboard.outside import REDIS_URLS

NOT_STARTED = {
    "DATABASE_URL": "postgresql://nowhere",
    "QUERY_DATABASE_URL": "postgresql://nowhere",
    **dict.fromkeys(REDIS_URLS, "redis://nowhere"),
    "BOT_REDIS_URL": "redis://nowhere",
    "NOTIFIER_REDIS_URL": "redis://nowhere",
    "FILES_REDIS_URL": "redis://nowhere",
}
"""Servers that are given are not started: the bus knows NATS only."""


@pytest.fixture(autouse=True)
def _short_logs() -> None:
    """Log as services do: the default draws every local variable, which takes its time."""
    configure_logs("WARNING", "json")


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def nats_server(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[LocalServers]:
    """A NATS server with users and permissions; `stop("nats")`, `start("nats")` restart it."""
    directory = tmp_path_factory.mktemp("nats")
    async with local_servers(directory, all_apps(), NOT_STARTED) as servers:
        yield servers


@pytest_asyncio.fixture(loop_scope="session")
async def bench(nats_server: LocalServers, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Bench]:
    """The provisioned bus with nothing on it."""
    # A copy hears out for as long what it asked for, before it stops.
    monkeypatch.setattr("bus.pulls.PULL_SECONDS", 0.3)
    settings = nats_server.environment
    url, seed = settings["NATS_URL"], SecretStr(settings["NATS_SEED_OPERATOR"])
    await provision(url, seed, consumers())
    async with connect(url, "operator", seed) as operator:
        patient(operator)
        for stream in STREAMS:
            await operator.jetstream.purge_stream(stream)
    async with AsyncExitStack() as stack:
        yield Bench(nats_server, stack)
    if "nats" not in nats_server.processes:  # a test that failed has left it stopped
        await nats_server.start("nats")
