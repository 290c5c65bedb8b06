"""Every service is replaced under people's hands: nothing is lost or doubled, nobody waits long."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import aiohttp
import pytest_asyncio

from services.run import SERVICES
from switchboard.local.servers import LocalServers
from tests.processes.impatient import Impatient, in_figures, longest, somebody
from tests.processes.processes import Services
from tests.processes.test_crashes import documents_named

PEOPLE = 4
REPLACED = [name for name in SERVICES if name != "playground"]
PROMISED = 3.0
"""Seconds until the first reaction to a press; nobody waits longer."""
NEVER_LONGER = 10.0
"""Seconds, however slow the machine."""
SLOW_MACHINE = 2.0
"""Starting processes slows a small machine down. Against the longest wait while as many start in
vain: so much longer is still the machine's doing."""


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


async def starts_in_vain(services: Services) -> None:
    """Start a process that has nothing to do: what a start alone costs the machine."""
    await services.spawn("", "in vain")
    assert await services.ends("in vain") == 0, services.said["in vain"]


@pytest_asyncio.fixture(loop_scope="session")
async def http(services: Services) -> AsyncIterator[aiohttp.ClientSession]:
    """The local Telegram."""
    async with aiohttp.ClientSession(services.environment["TELEGRAM_API_URL"]) as session:
        yield session


async def test_a_rolling_restart_loses_and_doubles_nothing_and_lets_nobody_wait(
    services: Services, installation: LocalServers, http: aiohttp.ClientSession
) -> None:
    async with people_at_work(http) as calm:
        for _ in REPLACED:
            await starts_in_vain(services)
    async with people_at_work(http) as people:
        for name in REPLACED:
            assert await services.replace(name) == 0, "".join(services.said[name])

    figures = f"without a restart: {in_figures(calm)}; while restarting: {in_figures(people)}"
    print(figures)  # noqa: T201 # how long people waited belongs to the result
    for person in [*calm, *people]:
        assert person.saved
        for name in person.saved:
            assert await documents_named(installation, name) == 1, await person.transcript()
            assert await person.count(f"Saved: {name},") == 1, await person.transcript()
    assert longest(people) < min(max(PROMISED, SLOW_MACHINE * longest(calm)), NEVER_LONGER), figures
