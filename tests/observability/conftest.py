"""Lets these tests read log lines, and what is exported."""

from collections.abc import AsyncIterator

import pytest_asyncio

from tests.observability.collector import Collector, listening
from tests.observability.fixtures import written

__all__ = ["collector", "written"]


@pytest_asyncio.fixture
async def collector() -> AsyncIterator[Collector]:
    """A collector on a free port."""
    async with listening() as running:
        yield running
