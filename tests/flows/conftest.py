"""All services in this process, as `make run` starts them, and people to talk to the bots."""

import asyncio
import json
import os
from collections import defaultdict
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import suppress
from pathlib import Path

import aiohttp
import asyncpg
import pytest
import pytest_asyncio

from services.run import SERVICES, serve
from switchboard.installation import provision_bus
from tests.bus.waiting import eventually
from tests.chat import Chat
from tests.process_state import process_as_before
from tests.quick_chats import hold_up_no_chat

READY_WITHIN = 120.0
LONG = 30.0
PATIENCES = (
    "bus.caller.PUBLISH_DEADLINE",
    "bus.caller.QUERY_TIMEOUT",
    "bus.outcomes.PATIENCE",
    "bus.responder.HANDLER_TIMEOUT",
    "database.engine.CONNECT_TIMEOUT",
    "database.engine.POOL_TIMEOUT",
    "database.engine.STATEMENT_TIMEOUT",
    "services.bot.updates.BUDGET",
    "services.bot.updates.WHO_WRITES",
)

UNTOLD = {"OTEL_TRACES_EXPORTER": "none", "OTEL_LOGS_EXPORTER": "none"}
"""Spans and lines that no test of a module looks at stay where they were made."""

MeetPerson = Callable[[str], Awaitable[Chat]]
LetBeDue = Callable[[Chat, str], Awaitable[None]]


@pytest.fixture(scope="module")
def other_settings() -> dict[str, str]:
    """What a module of tests wants to be set otherwise."""
    return UNTOLD


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def running(migrated: dict[str, str], other_settings: dict[str, str]) -> AsyncIterator[str]:
    """Every service, ready; yields the playground's address."""
    with pytest.MonkeyPatch.context() as patch, process_as_before():
        for name, value in (migrated | other_settings).items():
            patch.setenv(name, value)
        # A copy hears out for as long what it asked for, before it stops.
        patch.setattr("bus.pulls.PULL_SECONDS", 0.3)
        # A busy machine is slow: that a bot gives up in time has tests of its own.
        for patience in PATIENCES:
            patch.setattr(patience, LONG)
        patch.setattr("telegram_api.limits.REDIS_SECONDS", defaultdict(lambda: LONG))
        hold_up_no_chat(patch)
        await provision_bus()
        ready = asyncio.Event()
        serving = asyncio.create_task(serve(list(SERVICES), ready.set))
        async with asyncio.timeout(READY_WITHIN):
            waiting = asyncio.create_task(ready.wait())
            await asyncio.wait([serving, waiting], return_when=asyncio.FIRST_COMPLETED)
        if serving.done():
            await serving
        try:
            yield os.environ["TELEGRAM_API_URL"]
            await _remove_webhooks()
        finally:
            serving.cancel()
            with suppress(asyncio.CancelledError):
                await serving


async def _remove_webhooks() -> None:
    """Leave none in the playground, which outlives this: it would forbid others to poll."""
    async with aiohttp.ClientSession(os.environ["TELEGRAM_API_URL"]) as telegram:
        for token in json.loads(os.environ["BOT_TOKENS"]).values():
            async with telegram.post(f"/bot{token}/deleteWebhook") as response:
                assert response.status == 200, await response.text()


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def http(running: str) -> AsyncIterator[aiohttp.ClientSession]:
    """The playground's /sim interface."""
    async with aiohttp.ClientSession(running) as session:
        yield session


@pytest.fixture
def meet(http: aiohttp.ClientSession) -> MeetPerson:
    """Make the acquaintance of somebody new, with Telegram in the language given."""

    async def somebody(language: str = "en") -> Chat:
        person = {"first_name": "Somebody", "language_code": language}
        async with http.post("/sim/people", json=person) as response:
            assert response.status == 201, await response.text()
            person_id = (await response.json())["id"]
        return Chat(http, "documents", person_id)

    return somebody


@pytest_asyncio.fixture(loop_scope="session")
async def person(meet: MeetPerson) -> Chat:
    """Somebody new, who uses Telegram in English."""
    return await meet("en")


@pytest.fixture(scope="session")
def report() -> bytes:
    """A small PDF."""
    return Path(__file__).with_name("report.pdf").read_bytes()


@pytest.fixture(scope="session")
def picture() -> bytes:
    """A small PNG."""
    return Path(__file__).with_name("picture.png").read_bytes()


@pytest_asyncio.fixture(loop_scope="session")
async def database(migrated: dict[str, str]) -> AsyncIterator[asyncpg.Connection]:
    """What an operator sees of the database, who may turn its clock."""
    url = migrated["DATABASE_URL"].replace("postgresql+asyncpg:", "postgresql:")
    connection = await asyncpg.connect(url)
    yield connection
    await connection.close()


@pytest_asyncio.fixture(loop_scope="session")
async def let_be_due(running: str, database: asyncpg.Connection) -> LetBeDue:
    """Let what is scheduled for a person, under keys LIKE a pattern, be due once it is planned.

    Returns when the clock has taken it.
    """

    async def until_taken(person: Chat, keys: str) -> None:
        theirs = f"{person.person_id}@{person.app}"
        one = "actor = $1 AND key LIKE $2"

        async def is_moved() -> bool:
            moved = f"UPDATE scheduled SET due_at = now() WHERE {one} RETURNING key"
            return await database.fetchval(moved, theirs, keys) is not None

        async def is_taken() -> bool:
            left = f"SELECT count(*) FROM scheduled WHERE {one} AND due_at <= now()"
            return int(await database.fetchval(left, theirs, keys)) == 0

        await eventually(is_moved)
        await eventually(is_taken)

    return until_taken
