"""Looks for secrets where none may be: in logs, streams and Redis."""

from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import msgspec
import redis.asyncio

from tests.faults.installation import Installation

LONG_ENOUGH = 12
STREAMS = ("EVENTS", "DEAD")


async def find_leaks(installation: Installation) -> list[str]:
    """Return where a secret of the run was found; never the secret itself."""
    secrets = list(_secrets(installation.directory))
    places = [each async for each in _places(installation)]
    return [
        f"secret {number} in {place}"
        for place, content in places
        for number, secret in enumerate(secrets)
        if secret in content
    ]


def _secrets(directory: Path) -> Iterator[bytes]:
    """Yield every long text in the file of secrets, which holds nothing else."""

    def texts(value: Any) -> Iterator[str]:
        if isinstance(value, dict):
            for each in value.values():
                yield from texts(each)
        elif isinstance(value, str) and len(value) >= LONG_ENOUGH:
            yield value

    for text in texts(msgspec.json.decode((directory / "secrets.json").read_bytes())):
        yield text.encode()
        if ":" in text:  # of a token, the part behind the bot's number
            yield text.partition(":")[2].encode()


async def _places(installation: Installation) -> AsyncIterator[tuple[str, bytes]]:
    for log in sorted((installation.directory / "logs").iterdir()):
        yield log.name, log.read_bytes()
    async with installation.operator() as bus:
        for stream in STREAMS:
            state = (await bus.stream_info(stream)).state
            for number in range(max(1, state.first_seq), state.last_seq + 1):
                found = await bus.get_msg(stream, number)
                yield f"{stream} {number}", (found.data or b"") + repr(found.headers).encode()
    async for place in _redis(installation):
        yield place


async def _redis(installation: Installation) -> AsyncIterator[tuple[str, bytes]]:
    address = installation.servers.environment["REDIS_URL"]
    assert urlsplit(address).username == "operator", "only the operator reads all keys"
    async with redis.asyncio.Redis.from_url(address) as client:
        for key in await client.keys("*"):
            if await client.type(key) == b"string":
                yield f"Redis {key!r}", repr((key, await client.get(key))).encode()
