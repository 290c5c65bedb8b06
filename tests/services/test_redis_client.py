"""Every command of Redis is timed by its name, whichever way it is said."""

import pytest
from prometheus_client import CollectorRegistry
from pydantic import SecretStr
from redis.asyncio import Redis
from redis.exceptions import NoPermissionError
from redis.exceptions import TimeoutError as NoAnswerError

from observability.calls import Calls
from services.redis_client import redis_client
from services.told import Told
from tests.services.own_redis import own_redis


async def test_commands_scripts_and_pipelines_are_timed_and_their_failures_told_apart(
    environment: dict[str, str],
) -> None:
    registry = CollectorRegistry()
    url = SecretStr(environment["BOT_REDIS_URL"])
    async with redis_client(url, "bot", 30.0, Calls(registry)) as redis:
        await redis.set("told:someone", 1, ex=60)
        await Told(redis).claim("timed", "the bot")
        async with redis.pipeline(transaction=False) as commands:
            commands.get("told:someone")
            commands.get("told:nobody")
            assert await commands.execute() == [b"1", None]
        with pytest.raises(NoPermissionError):
            await redis.get("foreign:key")
    counted = {
        (sample.labels["operation"], sample.labels["result"]): sample.value
        for family in registry.collect()
        for sample in family.samples
        if sample.name.endswith("_count")
    }
    # The script is loaded where Redis has not seen it, which is no failure.
    loaded = counted.pop(("script load", "ok"), 0)
    assert loaded <= 1
    assert counted == {
        ("set", "ok"): 1,
        ("evalsha", "ok"): 1 + loaded,
        ("pipeline", "ok"): 1,
        ("get", "failed"): 1,
    }


async def test_what_is_not_answered_in_time_fails_and_the_next_answer_is_its_own() -> None:
    async with own_redis() as url, Redis.from_url(url) as other:
        await other.set("first", 1)
        await other.set("second", 2)
        async with redis_client(SecretStr(url), "bot", 0.2, Calls(CollectorRegistry())) as redis:
            await redis.ping()
            await other.client_pause(2000)
            with pytest.raises(NoAnswerError):
                await redis.get("first")
            commands = redis.pipeline()
            commands.get("first")
            with pytest.raises(NoAnswerError):
                await commands.execute()
            assert await other.get("first") == b"1"  # once the pause is over
            assert await redis.get("second") == b"2"
