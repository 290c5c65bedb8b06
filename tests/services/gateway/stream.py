"""The stream of updates, read as it was stored."""

import asyncio
from collections.abc import AsyncIterator, Coroutine, Mapping
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from typing import Any

import msgspec
from nats.js import JetStreamContext
from pydantic import SecretStr

from bus.connection import connect


@dataclass(frozen=True)
class Stored:
    """An update in the stream."""

    subject: str
    message_id: str
    body: bytes

    @property
    def text(self) -> str:
        """What the person said in it."""
        said: str = msgspec.json.decode(self.body)["message"]["text"]
        return said


@dataclass(frozen=True)
class UpdateStream:
    """UPDATES, looked at by the operator over a new connection each time: NATS may restart."""

    environment: Mapping[str, str]

    async def count(self) -> int:
        """Return how many updates are stored."""
        async with self._jetstream() as jetstream:
            return (await jetstream.stream_info("UPDATES")).state.messages

    async def first(self, number: int) -> list[Stored]:
        """Return the first updates once there are as many."""
        async with self._jetstream() as jetstream:
            subscription = await jetstream.subscribe("update.>", stream="UPDATES")
            try:
                return [await _next(subscription) for _ in range(number)]
            finally:
                await subscription.unsubscribe()

    @asynccontextmanager
    async def _jetstream(self) -> AsyncIterator[JetStreamContext]:
        seed = SecretStr(self.environment["NATS_SEED_OPERATOR"])
        async with connect(self.environment["NATS_URL"], "operator", seed) as link:
            yield link.jetstream


async def _next(subscription: JetStreamContext.PushSubscription) -> Stored:
    message = await subscription.next_msg(timeout=60)
    headers = message.headers or {}
    return Stored(message.subject, headers["Nats-Msg-Id"], message.data)


@asynccontextmanager
async def running(work: Coroutine[Any, Any, None]) -> AsyncIterator[None]:
    """Let work that never ends run beside a test, which fails if it ends."""
    task = asyncio.create_task(work)
    try:
        yield
        assert not task.done(), task
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task
