"""Fixtures with real servers: started once a test process, in scratch data of their own."""

import asyncio
import shutil
import tempfile
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
import pytest_asyncio

from migrations.upgrade import migration_url, upgrade
from services.discovery import all_apps
from switchboard.local.servers import LocalServers, local_servers


@pytest.fixture
def scratch() -> Iterator[Path]:
    """A directory for local servers.

    Not pytest's own: every run of pytest as root locks other users out of that, and PostgreSQL
    is another user then.
    """
    directory = Path(tempfile.mkdtemp(prefix="switchboard-test-"))
    yield directory
    shutil.rmtree(directory, ignore_errors=True)  # a test may have removed it


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def servers() -> AsyncIterator[LocalServers]:
    """NATS, PostgreSQL (roles made, no tables yet) and Redis; each stops and starts by name."""
    with tempfile.TemporaryDirectory(prefix="switchboard-test-") as directory:
        async with local_servers(Path(directory), all_apps()) as running:
            yield running


@pytest.fixture(scope="session")
def environment(servers: LocalServers) -> dict[str, str]:
    """Settings under which services find those servers, as `.local/env` holds them."""
    # Nobody in a test takes time to read.
    return {**servers.environment, "FLOOD_BURST": "100000", "CHAT_BURST": "1000"}


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def migrated(environment: dict[str, str]) -> dict[str, str]:
    """The same settings, once the database has the tables of every app."""
    await asyncio.to_thread(upgrade, migration_url(environment))
    return environment
