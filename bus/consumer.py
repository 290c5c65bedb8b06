"""The pull loop: takes messages from a durable consumer and sees each one through."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any

import structlog
from nats.aio.msg import Msg
from nats.errors import Error as NatsError

from bus.connection import Link
from bus.errors import Forfeited, in_short
from bus.hand import Hand
from bus.lines import in_hand
from bus.metadata import metadata_of
from bus.pulls import Pulls

log = structlog.get_logger()

FINISH_WITHIN = 4.0
"""Seconds for what is in hand at the stop; a dependency may stay away much longer."""
LET_GO_WITHIN = 1.0
"""Seconds for handlers that were cancelled, which have nothing to do any more."""
See = Callable[[Msg], Awaitable[None]]


@dataclass(slots=True)
class PullLoop:
    """Reads one durable consumer, handling messages side by side as far as `hand` has room.

    `see` handles a message and settles it; it raises Forfeited if it settles nothing, anything
    else only if the process should end.
    """

    link: Link
    stream: str
    consumer: str
    see: See
    hand: Hand = field(default_factory=lambda: Hand(at_once=1))
    _in_hand: dict[int, tuple["asyncio.Task[None]", Msg]] = field(default_factory=dict, init=False)
    """By their numbers in the stream."""
    _broken: "asyncio.Future[None]" = field(init=False)
    """Fails with what ends the loop."""
    _pulls: Pulls | None = field(default=None, init=False)
    _is_leaving: bool = field(default=False, init=False)

    async def run(self, stopping: asyncio.Event) -> None:
        """Pull until told to stop; then finish what is in hand, as far as time allows.

        Raises:
            ConnectionLost: the connection is closed for good.
        """
        self._broken = asyncio.get_running_loop().create_future()
        try:
            await self._pull(stopping)
            if self._in_hand:
                # Without what it depends on nothing of it would be finished.
                within = LET_GO_WITHIN if self.hand.is_away else FINISH_WITHIN
                await asyncio.wait([task for task, _ in self._in_hand.values()], timeout=within)
        finally:
            await self._let_go()
        if self._broken.done():
            self._broken.result()

    def oldest_seconds(self) -> float:
        """Return how long the stream has had the oldest message in hand; 0 while there is none."""
        stored = [metadata_of(message).stored_at for _, message in self._in_hand.values()]
        # By the server's clock, which may be ahead of ours.
        return max(time.time() - min(stored), 0.0) if stored else 0.0

    async def _pull(self, stopping: asyncio.Event) -> None:
        pulls = self._pulls = Pulls(self.link, self.stream, self.consumer, self.hand, self._start)
        await pulls.begin()
        stopped: asyncio.Future[Any] = asyncio.ensure_future(stopping.wait())
        try:
            ends = {stopped, self._broken, self.link.lost}
            await asyncio.wait(ends, return_when=asyncio.FIRST_COMPLETED)
        finally:
            stopped.cancel()
        if self.link.lost.done():
            self.link.lost.result()
        if not self._broken.done():
            await pulls.hear_out()

    def _start(self, message: Msg) -> None:
        number = metadata_of(message).sequence
        if begun := self._in_hand.get(number):
            # Its heartbeats were lost, as with the server. Handling it goes on, and settles both;
            # where it is forfeited, this one is handled, for which nobody else waits.
            self._in_hand[number] = begun[0], message
            with in_hand(message, self.consumer):
                log.info("message.delivered_again", number=number)
            return
        task = asyncio.get_running_loop().create_task(self._see(number, message))
        self._in_hand[number] = task, message
        self.hand.take()

    async def _see(self, number: int, message: Msg) -> None:
        forfeited = False
        try:
            await self.see(message)
        except Forfeited:
            forfeited = True
        except (asyncio.CancelledError, KeyboardInterrupt, SystemExit):
            raise
        except Exception as error:  # noqa: BLE001 # ends the loop, which raises it
            if not self._broken.done():
                self._broken.set_exception(error)
        except BaseException as error:
            # Nothing that a handler should raise: it comes again, and is given up in the end.
            with in_hand(message, self.consumer):
                log.error("handler.broken", exc_info=error)
        finally:
            _, newest = self._in_hand.pop(number)
            self.hand.leave()
        if forfeited and newest is not message:
            if self._is_leaving:
                _settle(self.link, newest, Msg.Ack.Nak)
            else:
                self._start(newest)

    async def _let_go(self) -> None:
        """Give what is not finished back, for another copy to have at once."""
        self._is_leaving = True
        if self._pulls:
            await self._pulls.end()
        unfinished = dict(self._in_hand.values())
        for task in unfinished:
            task.cancel()
        if unfinished:
            log.warning("messages.unfinished", consumer=self.consumer, count=len(unfinished))
            ended, _ = await asyncio.wait(unfinished, timeout=LET_GO_WITHIN)
            # Only when its handler has ended: two must not work at the same message.
            for message in (unfinished[task] for task in ended if task.cancelled()):
                _settle(self.link, message, Msg.Ack.Nak)


def acknowledge(link: Link, message: Msg) -> None:
    """Tell the server that the message is done with."""
    _settle(link, message, Msg.Ack.Ack)


def _settle(link: Link, message: Msg, how: bytes) -> None:
    """Answer to a delivery; lost with the connection, it only costs a redelivery."""
    try:
        link.client.say(message.reply, how)
    except (NatsError, OSError) as error:
        log.warning("acknowledgement.lost", error=in_short(error))
