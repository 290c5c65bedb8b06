"""Gives these tests a Telegram and the stream of updates, and lets them read log lines."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest_asyncio
from opentelemetry.sdk.trace import TracerProvider
from pydantic import SecretStr

from bus.connection import connect
from bus.provision import provision
from bus.publisher import Publisher
from services.discovery import all_apps
from services.gateway.service import Updates
from switchboard.local.servers import LocalServers, local_servers
from tests.observability.fixtures import written
from tests.services.gateway.stream import UpdateStream
from tests.switchboard.outside import REDIS_URLS
from tests.telegram_api.fixtures import bots, peer

__all__ = ["bots", "peer", "written"]


@pytest_asyncio.fixture
async def nats(scratch: Path) -> AsyncIterator[LocalServers]:
    """A NATS of the test's own: it is stopped and started, and must not remember updates."""
    elsewhere = dict.fromkeys(("DATABASE_URL", "QUERY_DATABASE_URL", *REDIS_URLS), "not used")
    async with local_servers(scratch, all_apps(), elsewhere) as servers:
        yield servers


@pytest_asyncio.fixture
async def stream(nats: LocalServers) -> UpdateStream:
    """The stream UPDATES as an operator sees it."""
    seed = SecretStr(nats.environment["NATS_SEED_OPERATOR"])
    await provision(nats.environment["NATS_URL"], seed, [])
    return UpdateStream(nats.environment)


@pytest_asyncio.fixture
async def updates(nats: LocalServers, stream: UpdateStream) -> AsyncIterator[Updates]:
    """The gateway's own publisher, as the gateway's user."""
    environment = nats.environment
    seed = SecretStr(environment["NATS_SEED_GATEWAY"])
    tracer = TracerProvider().get_tracer("tests")
    async with connect(environment["NATS_URL"], "gateway", seed) as link:
        yield Updates(Publisher(link, tracer), tracer)
