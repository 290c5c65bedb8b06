"""The limits against a server that counts every second, with several copies that send in bulk."""

import asyncio
from collections import Counter
from contextlib import AsyncExitStack
from pathlib import Path

from prometheus_client import CollectorRegistry
from redis.asyncio import Redis

from benchmarks.bot_api import bot_api, most_in_a_second
from contracts.screens import Screen
from switchboard.local.servers import LocalServers
from telegram_api import show
from telegram_api.calling import urgent_as
from telegram_api.client import Bots
from telegram_api.limits import RateLimits
from telegram_api.rates import PER_SECOND
from tests.telegram_api.peer import bots_of

NEWS = Screen(text="News")
SENT = 2 * PER_SECOND
"""More than a second's worth: what is sent in the second one depends on the first."""


async def test_bulk_and_answers_together_meet_no_refusal(
    servers: LocalServers, tmp_path: Path
) -> None:
    async with AsyncExitStack() as stack:
        limits = ("--per-second", str(PER_SECOND))
        server = await stack.enter_async_context(bot_api(tmp_path / "calls.jsonl", *limits))
        copies: list[Bots] = []
        for user in ("NOTIFIER", "BOT"):
            redis = Redis.from_url(servers.environment[f"{user}_REDIS_URL"], socket_timeout=30)
            stack.push_async_callback(redis.aclose)
            bots = await stack.enter_async_context(bots_of(server.url, patience=60))
            bots.keep_to(RateLimits(redis, CollectorRegistry()))
            copies.append(bots)
        bot_id = copies[0]["calendar"].id
        async with Redis.from_url(servers.environment["REDIS_URL"]) as operator:
            if used := [key async for key in operator.scan_iter(f"rate:{bot_id}*")]:
                await operator.delete(*used)

        async def tell(number: int) -> None:
            with urgent_as("answer" if number % 6 == 0 else "bulk"):
                await show.send(copies[number % 2]["calendar"], 5000 + number, NEWS)

        await asyncio.gather(*(tell(number) for number in range(SENT)))
        calls = server.calls()
    assert Counter(call.code for call in calls) == {200: SENT}
    assert most_in_a_second(calls) <= PER_SECOND
