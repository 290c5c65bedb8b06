"""What one consumer has in hand, how much more it may take, and whether it makes sense to try.

There is one for each consumer, so the trouble of one app's consumer never delays another's.
"""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager, nullcontext, suppress

import structlog

from bus.topology import MAX_IN_HAND

log = structlog.get_logger()

READY_AT_ONCE = 32
"""Messages in hand that are handled or next in turn; more would be withheld from other copies."""
SCOUTS = 8
"""Messages in hand while a dependency is away. More than one: it may be in trouble by itself."""
AWAY_DELAYS = (0.1, 0.2, 0.5, 1.0, 2.0)
"""Seconds between the attempts of which one at a time looks whether a dependency is back."""

_AT_ONCE = nullcontext(False)


class AwayMeanwhile(Exception):
    """A dependency turned out to be away while an attempt waited to begin: it did not begin."""


class Hand:
    """Counts the messages in hand and lets them try in turn.

    After an attempt that found a dependency away, one message at a time tries, and fetching
    pauses, until an attempt succeeds.
    """

    def __init__(
        self, consumer: str = "", at_once: int = MAX_IN_HAND, ready: int = READY_AT_ONCE
    ) -> None:
        self.consumer = consumer
        self.at_once = at_once
        self._ready = ready
        self.answers = 0
        """How many attempts have found the dependencies there."""
        self._held = 0
        self._aside = 0
        self._misses = 0
        self._turn = asyncio.Lock()
        self.is_away = False
        """Whether a dependency was away at the last attempt."""
        self._there = asyncio.Event()
        self.when_changed: Callable[[], None] = _nobody_minds
        """Called whenever there may be more room than before."""

    def room(self, coming: int = 0) -> int:
        """Return how many messages to ask for now, besides those that were asked for already."""
        ready = self._held - self._aside + coming
        wanted = SCOUTS if self.is_away else self._ready
        if self.at_once > 1 and ready > wanted // 2:
            return 0  # it would be a question for every message
        return min(wanted - ready, self.at_once - self._held - coming)

    def take(self) -> None:
        """Count a message as in hand."""
        self._held += 1

    def leave(self) -> None:
        """Count a message as in hand no more."""
        self._held -= 1
        self.when_changed()

    @asynccontextmanager
    async def aside(self) -> AsyncIterator[None]:
        """Let others go on while a message waits for something of its own."""
        self._aside += 1
        self.when_changed()
        try:
            yield
        finally:
            self._aside -= 1

    def turn(self) -> AbstractAsyncContextManager[bool]:
        """Wait for the turn of an attempt: at once, or one at a time while a dependency is away.

        Yields whether it is that one, which tries although the dependency was away.
        """
        return self._one_at_a_time() if self.is_away else _AT_ONCE

    @asynccontextmanager
    async def _one_at_a_time(self) -> AsyncIterator[bool]:
        async with self._turn:
            with suppress(TimeoutError):
                async with asyncio.timeout(_delay(self._misses)):
                    await self._there.wait()
            looks = self.is_away
            if looks:
                yield True
        if not looks:
            yield False

    def answered(self) -> None:
        """Note that the dependencies are there."""
        self.answers += 1
        self._misses = 0
        if self.is_away:
            log.info("consumer.resumed", consumer=self.consumer)
            self.is_away = False
            self._there.set()
            self.when_changed()

    def missed(self) -> None:
        """Note that a dependency is away: fetching pauses."""
        self._misses += 1
        if not self.is_away:
            log.warning("consumer.paused", consumer=self.consumer)
            self.is_away = True
            self._there.clear()


def _delay(times: int) -> float:
    return AWAY_DELAYS[min(max(times, 1), len(AWAY_DELAYS)) - 1]


def _nobody_minds() -> None:
    """Do nothing."""
