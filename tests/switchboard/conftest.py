"""Fixtures for tests of the command-line tool."""

import pytest_asyncio
from pydantic import SecretStr

from bus.provision import provision
from services.discovery import consumers
from switchboard.doctor.findings import Patient
from switchboard.local.servers import LocalServers
from tests.switchboard.patients import patient


@pytest_asyncio.fixture(loop_scope="session")
async def sick(servers: LocalServers, migrated: dict[str, str]) -> Patient:
    """The servers without services, healthy so far."""
    seed = SecretStr(migrated["NATS_SEED_OPERATOR"])
    await provision(migrated["NATS_URL"], seed, consumers())
    return patient(migrated, directory=servers.directory)
