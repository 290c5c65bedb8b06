"""A notifier in front of a Telegram, on a real bus and Redis; a test starts its copies."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack

import pytest
import pytest_asyncio
from redis.asyncio import Redis

from bus.topology import STREAMS
from switchboard.installation import provision_bus
from switchboard.local.servers import LocalServers
from tests.bus.bench import Bench
from tests.observability.fixtures import written
from tests.services.notifier.stage import Stage
from tests.telegram_api.fixtures import peer
from tests.telegram_api.peer import Peer

__all__ = ["peer", "written"]


@pytest_asyncio.fixture(loop_scope="session")
async def stage(
    servers: LocalServers, peer: Peer, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[Stage]:
    """Streams and limits with nothing in them, and no copy of the notifier."""
    monkeypatch.setattr("bus.pulls.PULL_SECONDS", 0.3)
    for name, value in servers.environment.items():
        if not name.startswith("OTEL_"):  # nobody collects here
            monkeypatch.setenv(name, value)
    await provision_bus()
    async with AsyncExitStack() as stack:
        bench = Bench(servers, stack)
        operator = await bench.link("operator")
        for stream in STREAMS:
            await operator.jetstream.purge_stream(stream)
        redis = await stack.enter_async_context(Redis.from_url(servers.environment["REDIS_URL"]))
        if kept := [key async for key in redis.scan_iter("rate:*")]:
            await redis.delete(*kept)
        yield Stage(bench, peer, stack, monkeypatch)
