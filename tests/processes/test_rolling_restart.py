"""Every service is replaced under people's hands: nothing is lost or doubled, nobody waits long."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import aiohttp
import pytest

from services.run import SERVICES
from switchboard.local.servers import LocalServers
from tests.processes.impatient import Impatient, in_figures, longest, somebody
from tests.processes.processes import Services
from tests.processes.test_crashes import documents_named

pytestmark = pytest.mark.timeout(480)

PEOPLE = 4
CALM_SECONDS = 8.0
PROMISED = 3.0
"""Seconds until the first reaction to a press; nobody waits longer."""
NEVER_LONGER = 10.0
"""Seconds, however slow the machine."""
SLOW_MACHINE = 3.0
"""Starting processes slows a small machine down: so much longer than in calm times is its doing."""


@asynccontextmanager
async def people_at_work(services: Services) -> AsyncIterator[list[Impatient]]:
    """Let several people add documents until left; then they finish what they have begun."""
    until = asyncio.Event()
    async with aiohttp.ClientSession(services.environment["TELEGRAM_API_URL"]) as http:
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


async def test_a_rolling_restart_loses_and_doubles_nothing_and_lets_nobody_wait(
    services: Services, installation: LocalServers
) -> None:
    async with people_at_work(services) as calm:
        await asyncio.sleep(CALM_SECONDS)  # for as long as their waits are measured
    async with people_at_work(services) as people:
        for name in SERVICES:
            if name != "playground":
                assert await services.replace(name) == 0, "".join(services.said[name])

    figures = f"in calm times: {in_figures(calm)}; while restarting: {in_figures(people)}"
    print(figures)  # noqa: T201 # how long people waited belongs to the result
    for person in [*calm, *people]:
        assert person.saved
        for name in person.saved:
            assert await documents_named(installation, name) == 1, await person.transcript()
            assert await person.count(f"Saved: {name},") == 1, await person.transcript()
    assert longest(people) < min(max(PROMISED, SLOW_MACHINE * longest(calm)), NEVER_LONGER), figures
