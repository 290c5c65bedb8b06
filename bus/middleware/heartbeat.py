"""Keeps a message in hand for as long as its handling takes.

One timer looks after all that is in hand: most messages are done long before their first beat.
"""

import asyncio
from contextlib import suppress
from weakref import WeakKeyDictionary

from nats.errors import Error as NatsError

from bus.delivery import CallNext, Delivery
from bus.lookout import Lookout
from bus.topology import ACK_WAIT

INTERVAL = ACK_WAIT / 3
LOOKED_AT = 4
"""Times in an interval: a beat is late by at most that part of it."""


async def heartbeat(delivery: Delivery, call_next: CallNext) -> None:
    """Tell the server at intervals that the message is being worked on."""
    loop = asyncio.get_running_loop()
    beats = _of_loops.get(loop) or _of_loops.setdefault(loop, _Beats())
    beats.begin(delivery, loop)
    try:
        await call_next(delivery)
    finally:
        beats.end(delivery)


class _Beats:
    """Looks after what one loop has in hand, for as long as there is anything."""

    def __init__(self) -> None:
        self._due: dict[Delivery, float] = {}
        """When each is to beat next, by the loop's clock."""
        self._lookout = Lookout(self._due, self._look)
        self._beating: asyncio.Future[None] | None = None

    def begin(self, delivery: Delivery, loop: asyncio.AbstractEventLoop) -> None:
        """Look after a message, too."""
        self._due[delivery] = loop.time() + INTERVAL
        self._lookout.begin(INTERVAL / LOOKED_AT, loop)

    def end(self, delivery: Delivery) -> None:
        """Let it be."""
        del self._due[delivery]

    def _look(self, waiting: dict[Delivery, float], now: float) -> None:
        due = [delivery for delivery, at in waiting.items() if at <= now]
        if due and (self._beating is None or self._beating.done()):
            self._beating = asyncio.ensure_future(self._beat(due))

    async def _beat(self, due: list[Delivery]) -> None:
        loop = asyncio.get_running_loop()
        for delivery in due:
            if delivery not in self._due:
                continue  # it has ended in the meantime
            self._due[delivery] = loop.time() + INTERVAL
            # While the server is away there is nobody to tell; the next beat tries again.
            with suppress(NatsError, OSError):
                await delivery.acknowledgement.in_progress()
                delivery.beaten()


_of_loops: "WeakKeyDictionary[asyncio.AbstractEventLoop, _Beats]" = WeakKeyDictionary()
