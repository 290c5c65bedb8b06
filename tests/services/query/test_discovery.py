"""The query service as `nats service` finds it: every question, with what it asks."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import jsonschema
import msgspec
import pytest
import pytest_asyncio
from nats.aio.client import Client
from nats.errors import Error as NatsError
from pydantic import SecretStr

from bus.connection import connect
from contracts.base import Query, app_of, name_of, subject_of
from contracts.messages import message_types
from services.life import Life
from services.query.service import query
from services.settings import QuerySettings, read_settings
from tests.bus.discovery_schemas import SCHEMAS
from tests.bus.waiting import eventually


@pytest_asyncio.fixture(loop_scope="session")
async def operator(migrated: dict[str, str]) -> AsyncIterator[Client]:
    """Who looks at the bus."""
    seed = SecretStr(migrated["NATS_SEED_OPERATOR"])
    async with connect(migrated["NATS_URL"], "operator", seed) as link:
        yield link.client


@pytest_asyncio.fixture(loop_scope="session")
async def serving(
    migrated: dict[str, str], operator: Client, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[None]:
    """The query service, answering."""
    for name, value in migrated.items():
        monkeypatch.setenv(name, value)
    settings = read_settings(QuerySettings)
    life = Life.begin("query")
    running = asyncio.create_task(query(settings, life))

    async def is_answering() -> bool:
        assert not running.done()
        try:
            await ask(operator, "STATS")
        except (NatsError, TimeoutError):
            return False
        return True

    await eventually(is_answering)
    yield
    life.stopping.set()
    async with asyncio.timeout(60):
        await running
    await life.end()


async def ask(operator: Client, verb: str) -> Any:
    """Ask the query service about itself."""
    reply = await operator.request(f"$SRV.{verb}.query", b"", timeout=60)
    return msgspec.json.decode(reply.data)


@pytest.mark.usefixtures("serving")
@pytest.mark.parametrize("verb", list(SCHEMAS))
async def test_its_answers_are_valid(operator: Client, verb: str) -> None:
    validator = jsonschema.Draft7Validator(SCHEMAS[verb])
    validator.validate(await ask(operator, verb))


@pytest.mark.usefixtures("serving")
async def test_every_query_is_found_with_its_subject_and_description(operator: Client) -> None:
    info = await ask(operator, "INFO")
    found = {
        endpoint["name"]: (endpoint["subject"], endpoint["metadata"]["description"])
        for endpoint in info["endpoints"]
    }
    assert found == {
        f"{app_of(kind)}-{name_of(kind)}": (subject_of(kind), (kind.__doc__ or "").splitlines()[0])
        for kind in message_types()
        if issubclass(kind, Query)
    }
