"""A connection as a user that hears what the server refuses it, as a thief of its key would."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from nats.aio.client import Client

from bus.lean_client import LeanClient
from tests.bus.bench import Bench


class Refusals:
    """What the server refused a connection, as it says it."""

    def __init__(self) -> None:
        self._heard: asyncio.Queue[str] = asyncio.Queue()

    async def hear(self, error: Exception) -> None:
        """Take an error of the connection."""
        self._heard.put_nowait(str(error).lower())

    async def next(self) -> str:
        """Wait for the next one."""
        async with asyncio.timeout(60):
            return await self._heard.get()

    def none_came(self) -> bool:
        """Whether nothing was refused."""
        return self._heard.empty()


@asynccontextmanager
async def connected(bench: Bench, user: str) -> AsyncIterator[tuple[Client, Refusals]]:
    """Connect as a user, hearing every refusal."""
    refusals = Refusals()
    seed = bench.seed(user).get_secret_value()
    # Not nats-py's own: a flush of that may overtake what was said before it, and tell nothing of
    # what is refused, or not subscribed to yet.
    client = LeanClient()
    await client.connect(
        bench.url,
        nkeys_seed_str=seed,
        inbox_prefix=f"_INBOX.{user}".encode(),
        error_cb=refusals.hear,
    )
    try:
        yield client, refusals
    finally:
        await client.close()
