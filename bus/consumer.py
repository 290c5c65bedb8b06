"""The pull loop: takes messages from a durable consumer and sees each one through."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass, field

import structlog
from nats.aio.msg import Msg
from nats.errors import Error as NatsError
from nats.js import JetStreamContext

from bus.connection import ConnectionLost, Link
from bus.errors import in_short
from bus.hand import Hand
from bus.lines import in_hand
from bus.watcher import SAY_AGAIN_AFTER

log = structlog.get_logger()

FETCH_TIMEOUT = 2.0
"""Seconds; also the longest stall after the server was restarted during a fetch."""
FINISH_WITHIN = 4.0
"""Seconds for what is in hand at the stop; a dependency may stay away much longer."""
LET_GO_WITHIN = 1.0
"""Seconds for handlers that were cancelled, which have nothing to do any more."""
BATCH = 32
LONGEST_DELAY = 2.0

See = Callable[[Msg], Awaitable[None]]


@dataclass(slots=True)
class PullLoop:
    """Reads one durable consumer, handling messages side by side as far as `hand` has room.

    `see` handles a message and settles it; it raises only if the process should end.
    """

    link: Link
    stream: str
    consumer: str
    see: See
    hand: Hand = field(default_factory=lambda: Hand(at_once=1))
    _in_hand: dict["asyncio.Task[None]", Msg] = field(default_factory=dict, init=False)
    _silent_until: dict[str, float] = field(default_factory=dict, init=False)
    _failed: BaseException | None = field(default=None, init=False)
    _subscription: JetStreamContext.PullSubscription | None = field(default=None, init=False)

    async def run(self, stopping: asyncio.Event) -> None:
        """Pull until told to stop; then finish what is in hand, as far as time allows.

        Raises:
            ConnectionLost: the connection is closed for good.
        """
        try:
            await self._pull(stopping)
            if self._in_hand:
                # Without what it depends on nothing of it would be finished.
                within = LET_GO_WITHIN if self.hand.is_away else FINISH_WITHIN
                await asyncio.wait(self._in_hand, timeout=within)
        finally:
            await self._let_go()
        if self._failed:
            raise self._failed

    def oldest_seconds(self) -> float:
        """Return how long the stream has had the oldest message in hand; 0 while there is none."""
        stored = [message.metadata.timestamp.timestamp() for message in self._in_hand.values()]
        # By the server's clock, which may be ahead of ours.
        return max(time.time() - min(stored), 0.0) if stored else 0.0

    async def _pull(self, stopping: asyncio.Event) -> None:
        delay = 0.1
        while not stopping.is_set() and self._failed is None:
            await self._until_room(stopping)
            try:
                for message in await self._fetch():
                    self._start(message)
                delay = 0.1
            except TimeoutError:
                continue
            except asyncio.CancelledError as error:
                if _is_told_to_end():
                    raise
                # So nats-py ends a fetch when it is closed under it.
                raise ConnectionLost("the NATS connection was closed") from error
            except Exception as error:  # whatever fails is tried again
                if self.link.client.is_closed:
                    raise ConnectionLost("the NATS connection was closed") from error
                self._say_unavailable(in_short(error))
                await asyncio.sleep(delay)
                delay = min(delay * 2, LONGEST_DELAY)

    def _say_unavailable(self, error: str) -> None:
        """Say each trouble once in a while; that NATS is away its connection says."""
        now = asyncio.get_running_loop().time()
        self._silent_until = {e: until for e, until in self._silent_until.items() if until > now}
        if self.link.client.is_connected and error not in self._silent_until:
            self._silent_until[error] = now + SAY_AGAIN_AFTER
            log.warning("consumer.unavailable", consumer=self.consumer, error=error)
        else:
            log.debug("consumer.unavailable", consumer=self.consumer, error=error)

    async def _fetch(self) -> list[Msg]:
        wanted = min(BATCH, self.hand.room())
        if wanted <= 0:
            return []
        if self._subscription is None:
            self._subscription = await self.link.jetstream.pull_subscribe_bind(
                consumer=self.consumer, stream=self.stream
            )
        return await self._subscription.fetch(wanted, timeout=FETCH_TIMEOUT)

    async def _let_go(self) -> None:
        """Give what is not finished back, for another copy to have at once."""
        unfinished = dict(self._in_hand)
        for task in unfinished:
            task.cancel()
        if unfinished:
            log.warning("messages.unfinished", consumer=self.consumer, count=len(unfinished))
            ended, _ = await asyncio.wait(unfinished, timeout=LET_GO_WITHIN)
            # Only when its handler has ended: two must not work at the same message.
            for message in (unfinished[task] for task in ended):
                if not message.is_acked:
                    await settle(message.nak)
        if self._subscription and self.link.client.is_connected:
            # Draining the connection would wait in vain for a pull subscription's queue.
            with suppress(NatsError):
                await self._subscription.unsubscribe()
            # What came just after the last fetch had given up.
            came = self._subscription._sub._pending_queue
            while not came.empty():
                message = came.get_nowait()
                if message.reply.startswith("$JS.ACK."):
                    await settle(message.nak)

    async def _until_room(self, stopping: asyncio.Event) -> None:
        while not (stopping.is_set() or self._failed):
            changed = self.hand.watch()  # before looking: what changes in between is not missed
            if self.hand.room() > 0:
                return
            waiting = [asyncio.ensure_future(_is_set(event)) for event in (changed, stopping)]
            await asyncio.wait({*waiting, self.link.lost}, return_when=asyncio.FIRST_COMPLETED)
            for future in waiting:
                future.cancel()
            if self.link.lost.done():
                self.link.lost.result()

    def _start(self, message: Msg) -> None:
        number = message.metadata.sequence.stream
        if any(held.metadata.sequence.stream == number for held in self._in_hand.values()):
            # Its heartbeats were lost, as with the server. Handling it goes on, and settles both.
            with in_hand(message, self.consumer):
                log.info("message.delivered_again", number=number)
            return
        task = asyncio.create_task(self._see(message))
        self._in_hand[task] = message
        self.hand.take()
        task.add_done_callback(self._ended)

    def _ended(self, task: "asyncio.Task[None]") -> None:
        message = self._in_hand.pop(task)
        self.hand.leave()
        if not task.cancelled() and (error := task.exception()):
            # Nothing that a handler should raise: it comes again, and is given up in the end.
            with in_hand(message, self.consumer):
                log.error("handler.broken", exc_info=error)

    async def _see(self, message: Msg) -> None:
        try:
            await self.see(message)
        except Exception as error:  # noqa: BLE001 # ends the loop, which raises it
            self._failed = error


def _is_told_to_end() -> bool:
    task = asyncio.current_task()
    return task is not None and task.cancelling() > 0


async def _is_set(event: asyncio.Event) -> None:
    await event.wait()


async def settle(settlement: Callable[[], Awaitable[None]]) -> None:
    """Acknowledge, or give back; lost with the connection, it only costs a redelivery."""
    try:
        await settlement()
    except (NatsError, OSError) as error:
        log.warning("acknowledgement.lost", error=in_short(error))


def acknowledge(message: Msg) -> Awaitable[None]:
    """Tell the server that the message is done with."""
    return settle(message.ack)
