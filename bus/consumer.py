"""The pull loop: takes messages from a durable consumer and sees each one through."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from functools import partial

import structlog
from nats.aio.msg import Msg
from nats.errors import Error as NatsError
from nats.js import JetStreamContext
from nats.js.errors import APIError

from bus.connection import Link

log = structlog.get_logger()

FETCH_TIMEOUT = 2.0
"""Seconds; also the longest stall after the server was restarted during a fetch."""
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

    async def run(self, stopping: asyncio.Event) -> None:
        """Pull until told to stop; then finish what is in hand."""
        subscription: JetStreamContext.PullSubscription | None = None
        delay = 0.1
        while not stopping.is_set() and self._failed is None:
            await self._until_free()
            try:
                if subscription is None:
                    subscription = await self.link.jetstream.pull_subscribe_bind(
                        consumer=self.consumer, stream=self.stream
                    )
                wanted = min(BATCH, self.at_once - len(self._in_hand))
                messages = await subscription.fetch(wanted, timeout=FETCH_TIMEOUT)
                delay = 0.1
            except TimeoutError:
                continue
            except (NatsError, APIError) as error:
                if self.link.client.is_closed:
                    break
                log.warning("consumer.unavailable", consumer=self.consumer, error=str(error))
                await asyncio.sleep(delay)
                delay = min(delay * 2, LONGEST_DELAY)
                continue
            for message in messages:
                self._start(message)
        if self._in_hand:
            await asyncio.wait(self._in_hand)
        if subscription and self.link.client.is_connected:
            # Draining the connection would wait in vain for a pull subscription's queue.
            await subscription.unsubscribe()
        if self._failed:
            raise self._failed

    async def _until_free(self) -> None:
        if len(self._in_hand) >= self.at_once:
            await asyncio.wait(self._in_hand, return_when=asyncio.FIRST_COMPLETED)

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


def postpone(message: Msg, seconds: float) -> Awaitable[None]:
    """Give the message back, to be delivered again later."""
    return settle(partial(message.nak, delay=seconds))
