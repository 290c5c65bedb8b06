"""Calls of Telegram that outlast the handling they belong to: they are not cut short, but claimed.

A call that was cut short may have reached Telegram: whoever makes it again shows its message twice.
So what it shows is handed over to the notifier as a notice, which finds the notice claimed for as
long as the call is under way, and told once Telegram has accepted it.
"""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import structlog
from redis.asyncio import Redis

from bus.errors import in_short
from services.told import Told

log = structlog.get_logger()

FINISH_SECONDS = 2.0
"""For what is under way when the service stops."""


@dataclass(slots=True)
class InFlight:
    """The calls of one service that are still under way; each ends by the deadline of calls."""

    told: Told
    _seen_through: set["asyncio.Task[None]"] = field(default_factory=set, init=False)

    async def keep(self, call: "asyncio.Task[Any]", marks: Sequence[str]) -> None:
        """See a call through that shows what is handed over under `marks`.

        Returns once they are claimed, so that the notices may be published. Where Redis does not
        take the claims, the notifier shows them all the same, perhaps a second time.
        """
        claimed = asyncio.Event()
        task = asyncio.create_task(self._see_through(call, marks, claimed))
        self._seen_through.add(task)
        task.add_done_callback(self._seen_through.discard)
        await claimed.wait()

    async def finish(self) -> None:
        """Wait a little for what is under way; what is not through then, the notifier shows."""
        if self._seen_through:
            await asyncio.wait(self._seen_through, timeout=FINISH_SECONDS)
        for task in self._seen_through:
            task.cancel()
        await asyncio.gather(*self._seen_through, return_exceptions=True)

    async def _see_through(
        self, call: "asyncio.Task[Any]", marks: Sequence[str], claimed: asyncio.Event
    ) -> None:
        try:
            async with AsyncExitStack() as claims:
                for mark in marks:
                    await claims.enter_async_context(self.told.showing(mark))
                claimed.set()
                await call
            log.info("answer.accepted_late", messages=len(marks))
        except Exception as error:  # noqa: BLE001 # whatever it was, the notifier meets it, too
            log.info("answer.not_accepted", error=in_short(error))
        finally:
            claimed.set()
            call.cancel()


@asynccontextmanager
async def in_flight(redis: Redis) -> AsyncIterator[InFlight]:
    """Keep calls for the time of the block, and see through at its end what is still under way."""
    calls = InFlight(Told(redis))
    try:
        yield calls
    finally:
        await calls.finish()
