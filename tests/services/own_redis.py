"""A Redis without users, for tests that put it into a state of trouble."""

import asyncio
import tempfile
from asyncio.subprocess import DEVNULL
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from redis.asyncio import Redis
from redis.exceptions import RedisError

from switchboard.local.ports import HOST, Ports
from switchboard.local.programs import find_script
from tests.bus.waiting import eventually


@asynccontextmanager
async def own_redis() -> AsyncIterator[str]:
    """Run a redis-server that keeps everything in memory; yields its address."""
    with tempfile.TemporaryDirectory(prefix="switchboard-test-") as directory:
        port = Ports(Path(directory) / "ports.json").get("redis")
        url = f"redis://{HOST}:{port}/0"

        async def answers() -> bool:
            async with Redis.from_url(url) as redis:
                try:
                    return bool(await redis.ping())
                except RedisError:
                    return False

        process = await asyncio.create_subprocess_exec(
            find_script("redis-server"),
            *("--port", str(port), "--bind", HOST, "--dir", directory),
            *("--save", "", "--maxmemory-policy", "noeviction"),
            stdout=DEVNULL,
            stderr=DEVNULL,
        )
        try:
            await eventually(answers)
            yield url
        finally:
            process.kill()
            await process.wait()
