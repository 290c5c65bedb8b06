"""The pull loop: takes messages from a durable consumer and sees each one through."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

import structlog
from nats.aio.msg import Msg
from nats.errors import Error as NatsError
from nats.js import JetStreamContext
from nats.js.errors import APIError

from bus.connection import Link

log = structlog.get_logger()

FETCH_TIMEOUT = 2.0
"""Seconds; also the longest stall after the server was restarted during a fetch."""
FINISH_WITHIN = 4.0
"""Seconds for what is in hand at the stop; a dependency may stay away much longer."""
BATCH = 32
LONGEST_DELAY = 2.0

See = Callable[[Msg], Awaitable[None]]


@dataclass(slots=True)
class PullLoop:
    """Reads one durable consumer, handling up to `at_once` messages side by side.

    `see` handles a message and settles it; it raises only if the process should end.
    """

    link: Link
    stream: str
    consumer: str
    see: See
    at_once: int = 1
    _in_hand: set["asyncio.Task[None]"] = field(default_factory=set, init=False)
    _failed: BaseException | None = field(default=None, init=False)
    _subscription: JetStreamContext.PullSubscription | None = field(default=None, init=False)

    async def run(self, stopping: asyncio.Event) -> None:
        """Pull until told to stop; then finish what is in hand, as far as time allows."""
        try:
            await self._pull(stopping)
            if self._in_hand:
                await asyncio.wait(self._in_hand, timeout=FINISH_WITHIN)
        finally:
            await self._let_go()
        if self._failed:
            raise self._failed

    async def _pull(self, stopping: asyncio.Event) -> None:
        delay = 0.1
        while not stopping.is_set() and self._failed is None:
            await self._until_free(stopping)
            try:
                for message in await self._fetch():
                    self._start(message)
                delay = 0.1
            except TimeoutError:
                continue
            except (NatsError, APIError) as error:
                if self.link.client.is_closed:
                    return
                log.warning("consumer.unavailable", consumer=self.consumer, error=str(error))
                await asyncio.sleep(delay)
                delay = min(delay * 2, LONGEST_DELAY)

    async def _fetch(self) -> list[Msg]:
        wanted = min(BATCH, self.at_once - len(self._in_hand))
        if not wanted:
            return []
        if self._subscription is None:
            self._subscription = await self.link.jetstream.pull_subscribe_bind(
                consumer=self.consumer, stream=self.stream
            )
        return await self._subscription.fetch(wanted, timeout=FETCH_TIMEOUT)

    async def _let_go(self) -> None:
        """Leave what is not finished to the next delivery, here or in another copy."""
        unfinished = list(self._in_hand)
        for task in unfinished:
            task.cancel()
        if unfinished:
            log.warning("messages.unfinished", consumer=self.consumer, count=len(unfinished))
            await asyncio.wait(unfinished, timeout=FINISH_WITHIN)
        if self._subscription and self.link.client.is_connected:
            # Draining the connection would wait in vain for a pull subscription's queue.
            with suppress(NatsError):
                await self._subscription.unsubscribe()

    async def _until_free(self, stopping: asyncio.Event) -> None:
        if len(self._in_hand) < self.at_once:
            return
        stopped = asyncio.create_task(stopping.wait())
        wait: set[asyncio.Task[Any]] = {*self._in_hand, stopped}
        await asyncio.wait(wait, return_when=asyncio.FIRST_COMPLETED)
        stopped.cancel()

    def _start(self, message: Msg) -> None:
        task = asyncio.create_task(self._see(message))
        self._in_hand.add(task)
        task.add_done_callback(self._in_hand.discard)

    async def _see(self, message: Msg) -> None:
        try:
            await self.see(message)
        except Exception as error:  # noqa: BLE001 # ends the loop, which raises it
            self._failed = error


async def settle(settlement: Callable[[], Awaitable[None]]) -> None:
    """Acknowledge or terminate; lost with the connection, it only costs a redelivery."""
    try:
        await settlement()
    except NatsError as error:
        log.warning("acknowledgement.lost", error=str(error) or type(error).__name__)


def acknowledge(message: Msg) -> Awaitable[None]:
    """Tell the server that the message is done with."""
    return settle(message.ack)
