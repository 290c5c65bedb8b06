"""Every service is replaced under people's hands: nothing is lost or doubled, nobody waits long."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial

import aiohttp
import pytest_asyncio
from pydantic import SecretStr

from bus.connection import connect
from services.run import SERVICES
from switchboard.local.servers import LocalServers
from tests.bus.waiting import eventually
from tests.processes.impatient import Impatient, in_figures, somebody
from tests.processes.processes import Services
from tests.processes.test_crashes import documents_named

PEOPLE = 4
REPLACED = [name for name in SERVICES if name != "playground"]
WORK = ("UPDATES", "COMMANDS")
"""The streams of what people wait for."""


@asynccontextmanager
async def people_at_work(http: aiohttp.ClientSession) -> AsyncIterator[list[Impatient]]:
    """Let several people add documents until left; then they finish what they have begun."""
    until = asyncio.Event()
    people = [await somebody(http) for _ in range(PEOPLE)]
    working = [asyncio.create_task(each.adds_documents(until)) for each in people]
    try:
        yield people
        until.set()
        await asyncio.gather(*working)
    finally:
        for task in working:
            task.cancel()
        await asyncio.gather(*working, return_exceptions=True)


async def delivered_again(installation: LocalServers) -> dict[str, int]:
    """Return by stream how many deliveries were not a message's first, once all work is done."""
    seed = SecretStr(installation.environment["NATS_SEED_OPERATOR"])
    found = {}
    async with connect(installation.environment["NATS_URL"], "operator", seed) as link:

        async def is_done(stream: str) -> bool:
            return not (await link.jetstream.stream_info(stream)).state.messages

        for stream in WORK:
            await eventually(partial(is_done, stream))
            stored = (await link.jetstream.stream_info(stream)).state.last_seq
            consumers = await link.jetstream.consumers_info(stream)
            times = [each.delivered.consumer_seq for each in consumers if each.delivered]
            found[stream] = sum(times) - stored
    return found


@pytest_asyncio.fixture(loop_scope="session")
async def http(services: Services) -> AsyncIterator[aiohttp.ClientSession]:
    """The local Telegram."""
    async with aiohttp.ClientSession(services.environment["TELEGRAM_API_URL"]) as session:
        yield session


async def test_a_rolling_restart_loses_and_doubles_nothing_and_lets_nobody_wait(
    services: Services, installation: LocalServers, http: aiohttp.ClientSession
) -> None:
    before = await delivered_again(installation)
    async with people_at_work(http) as people:
        for name in REPLACED:
            assert await services.replace(name) == 0, "".join(services.said[name])
    # Whoever was handed over had it from the first copy or from the second: nothing lay with one
    # that was gone, until the server gave it to another.
    assert await delivered_again(installation) == before
    print(in_figures(people))  # noqa: T201 # how long people waited belongs to the result
    for person in people:
        assert person.saved
        for name in person.saved:
            assert await documents_named(installation, name) == 1, await person.transcript()
            assert await person.count(f"Saved: {name},") == 1, await person.transcript()
