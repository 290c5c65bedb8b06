"""Limits how many handlers run side by side; waiting messages do not count."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from bus.delivery import CallNext, Delivery, Middleware
from bus.hand import AwayMeanwhile


def at_most(handlers: int) -> Middleware:
    """Let `handlers` calls through at a time, and besides one of each consumer.

    The latter is what keeps one app's slow handlers from delaying another app.
    """
    slots = Slots(handlers)

    async def limit(delivery: Delivery, call_next: CallNext) -> None:
        # Consumers of an app's commands and of its events have one name, in two streams.
        async with slots.taken(f"{delivery.stream} {delivery.consumer}"):
            if delivery.hand.is_away and not delivery.looks:
                raise AwayMeanwhile
            await call_next(delivery)

    return limit


class Slots:
    """Places for work: some that all share, and one of each who takes part."""

    def __init__(self, shared: int) -> None:
        self._shared = shared
        self._own_in_use: set[str] = set()
        self._freed = asyncio.Condition()

    @asynccontextmanager
    async def taken(self, whose: str) -> AsyncIterator[None]:
        """Wait for a place and hold it."""
        async with self._freed:
            await self._freed.wait_for(lambda: self._shared > 0 or whose not in self._own_in_use)
            own = whose not in self._own_in_use
            if own:
                self._own_in_use.add(whose)
            else:
                self._shared -= 1
        try:
            yield
        finally:
            if own:
                self._own_in_use.discard(whose)
            else:
                self._shared += 1
            async with self._freed:
                self._freed.notify_all()
