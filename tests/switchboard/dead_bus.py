"""A provisioned NATS server alone, for the commands that look at it."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path

from pydantic import SecretStr

from bus.connection import Link, connect
from bus.provision import provision
from services.discovery import all_apps, consumers
from switchboard.local.servers import local_servers
from tests.switchboard.outside import ONLY_NATS


@asynccontextmanager
async def provisioned_bus(directory: Path) -> AsyncIterator[Link]:
    """Yield the operator's connection."""
    async with local_servers(directory, all_apps(), ONLY_NATS) as servers:
        url, seed = _operator(servers.environment)
        await provision(url, seed, consumers())
        async with connect(url, "operator", seed) as link:
            yield link


def _operator(environment: Mapping[str, str]) -> tuple[str, SecretStr]:
    return environment["NATS_URL"], SecretStr(environment["NATS_SEED_OPERATOR"])
