"""A bot's handlers with everything real behind them, and people to talk to it."""

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from switchboard.installation import provision_bus
from tests.flows.conftest import UNTOLD
from tests.process_state import process_as_before
from tests.services.bot.backstage import BUDGET, Backstage, backstage
from tests.services.bot.talking import Talker, newcomer


@pytest_asyncio.fixture(scope="package", loop_scope="session")
async def behind(migrated: dict[str, str]) -> AsyncIterator[Backstage]:
    """The services behind the handlers."""
    with pytest.MonkeyPatch.context() as process, process_as_before():
        for name, value in (migrated | UNTOLD).items():
            process.setenv(name, value)
        # On a busy machine answers take longer than a person likes to wait.
        for patience in (
            "bus.outcomes.PATIENCE",
            "bus.outcomes.LITTLE_PATIENCE",
            "bus.caller.QUERY_TIMEOUT",
            "services.bot.updates.WHO_WRITES",
        ):
            process.setattr(patience, BUDGET)
        # A copy hears out for as long what it asked for, before it stops.
        process.setattr("bus.pulls.PULL_SECONDS", 0.3)
        await provision_bus()
        async with backstage() as running:
            yield running


@pytest_asyncio.fixture
async def anna(behind: Backstage) -> Talker:
    """Somebody new."""
    return await newcomer(behind)
