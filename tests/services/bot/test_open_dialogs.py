"""How many dialogs are open is known at once, however many there are."""

import asyncio
import math
import uuid
from collections.abc import AsyncIterator

import msgspec
import pytest
import pytest_asyncio
from prometheus_client import CollectorRegistry
from pydantic import SecretStr
from redis.asyncio import Redis

from observability.calls import Calls
from services.bot.dialog import Dialog
from services.bot.memory import Memory, Where
from services.bot.open_dialogs import count_open_dialogs, open_key
from services.redis_client import redis_client
from tests.bus.waiting import eventually

MANY = 100_000


class State(msgspec.Struct):
    """What a chat is in the middle of."""

    step: str = "name"


@pytest.fixture
def app() -> str:
    """An app that nobody uses."""
    return f"app-{uuid.uuid4().hex[:8]}"


@pytest.fixture
def calls() -> Calls:
    """What is asked of Redis."""
    return Calls(CollectorRegistry())


@pytest_asyncio.fixture(loop_scope="session")
async def redis(environment: dict[str, str], app: str, calls: Calls) -> AsyncIterator[Redis]:
    """Redis as the bot has it."""
    url = SecretStr(environment["BOT_REDIS_URL"])
    async with redis_client(url, "bot", 30.0, calls) as client:
        yield client
        await client.delete(open_key(app))


async def write(redis: Redis, app: str, chat: int, *, opened: bool = True) -> None:
    """Handle an update after which the chat is, or is no more, in the middle of something."""
    dialog = Dialog(None if opened else b"{}")
    if opened:
        dialog.write(State())
    else:
        dialog.clear()
    where = Where(app, chat, chat, uuid.uuid4().hex)
    await Memory(redis).write(where, dialog, [])


async def counted(redis: Redis, app: str) -> float:
    """Return what the gauge says the first time."""
    registry = CollectorRegistry()
    counting = asyncio.create_task(count_open_dialogs(redis, [app], registry))

    async def shown() -> list[float]:
        value = registry.get_sample_value("dialogs_open", {"app": app})
        return [] if value is None else [value]

    try:
        (value,) = await eventually(shown)
    finally:
        counting.cancel()
    return value


async def test_dialogs_are_counted_as_they_open_and_close(redis: Redis, app: str) -> None:
    assert await counted(redis, app) == 0
    for chat in (1, 2, 3, 4):
        await write(redis, app, chat)
    await write(redis, app, 4)
    assert await counted(redis, app) == 4
    await write(redis, app, 1, opened=False)
    await Memory(redis).erase(2, (app,))
    assert await counted(redis, app) == 2


async def test_what_is_forgotten_counts_no_more_and_is_kept_no_more(redis: Redis, app: str) -> None:
    await redis.zadd(open_key(app), {"7": 1_700_000_000})
    assert await counted(redis, app) == 0
    await write(redis, app, 8)
    assert await redis.zcount(open_key(app), "-inf", "+inf") == 1
    assert await redis.ttl(open_key(app)) > 0


async def test_many_cost_no_more_than_few(redis: Redis, app: str, calls: Calls) -> None:
    fill = "for chat = 1, tonumber(ARGV[1]) do redis.call('ZADD', KEYS[1], 4e9, chat) end"
    await redis.eval(fill, 1, open_key(app), str(MANY))
    labels = {"target": "redis", "operation": "zcount", "result": "ok"}
    before = calls.registry.get_sample_value("integration_call_duration_seconds_count", labels)
    assert before is None
    assert await counted(redis, app) == MANY
    asked = calls.registry.get_sample_value("integration_call_duration_seconds_count", labels)
    assert asked == 1  # which takes the logarithm of their number


async def test_it_is_not_known_while_redis_is_away(app: str, calls: Calls) -> None:
    async with redis_client(SecretStr("redis://127.0.0.1:9"), "bot", 30.0, calls) as nobody:
        assert math.isnan(await counted(nobody, app))
