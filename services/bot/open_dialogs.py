"""How many dialogs are open: kept as they are written, so that to count them costs the same always.

Each app has a sorted set of the chats in the middle of something, by when that is forgotten.
"""

import asyncio
import math
import time
from collections.abc import Sequence

from prometheus_client import CollectorRegistry, Gauge
from redis.asyncio import Redis
from redis.exceptions import RedisError

COUNTED_EVERY = 15.0
"""Seconds."""


def open_key(app: str) -> str:
    """Return the key of an app's open dialogs."""
    return f"dialog:{app}"


async def count_open_dialogs(
    redis: Redis, apps: Sequence[str], registry: CollectorRegistry
) -> None:
    """Keep a gauge of each app's open dialogs, for ever; it is NaN while Redis is away."""
    gauge = Gauge(
        "dialogs_open",
        "Chats that are in the middle of something, in all copies together",
        ("app",),
        registry=registry,
    )
    while True:
        for app in apps:
            gauge.labels(app).set(await _count(redis, app))
        await asyncio.sleep(COUNTED_EVERY)


async def _count(redis: Redis, app: str) -> float:
    try:
        return float(await redis.zcount(open_key(app), time.time(), "+inf"))
    except (RedisError, OSError):
        return math.nan
