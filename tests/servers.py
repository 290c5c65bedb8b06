"""Fixtures with real servers: started once a test process, in scratch data of their own."""

import asyncio
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from migrations.upgrade import migration_url, upgrade
from switchboard.local.servers import LocalServers, local_servers

APPS = ("people", "files", "documents")


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def servers(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[LocalServers]:
    """NATS, PostgreSQL (roles made, no tables yet) and Redis; each stops and starts by name."""
    async with local_servers(tmp_path_factory.mktemp("local"), APPS) as running:
        yield running


@pytest.fixture(scope="session")
def environment(servers: LocalServers) -> dict[str, str]:
    """Settings under which services find those servers, as `.local/env` holds them."""
    return servers.environment


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def migrated(environment: dict[str, str]) -> dict[str, str]:
    """The same settings, once the database has the tables of every app."""
    await asyncio.to_thread(upgrade, migration_url(environment))
    return environment
