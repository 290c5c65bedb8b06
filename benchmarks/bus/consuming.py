"""Consuming from a stream and acknowledging, timed: the stream is filled before."""

import asyncio
import time
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass, field

import msgspec
from nats.aio.msg import Msg

from benchmarks.bus.ours import (
    READY_AT_ONCE,
    around,
    emptied,
    published,
    running_until_measured,
)
from benchmarks.harness.child import Given
from benchmarks.harness.description import Level
from benchmarks.harness.load import Clocks, Figures, spent
from benchmarks.messages import EVENT, EVENTS, Happened
from benchmarks.peers.raw import connected, headers_of
from bus import Actor, Router
from bus.consumer import PullLoop, acknowledge
from bus.hand import Hand
from bus.topology import MAX_IN_HAND
from bus.worker import Worker, typed_reader
from contracts.base import subject_of

SUBJECT = subject_of(Happened)
FILLED_WITHIN, CONSUMED_WITHIN, SETTLED_WITHIN = 30.0, 30.0, 10.0
LOOKED_EVERY = 0.05
FLUSHED_EVERY = 500
WARM_UP = 10
"""For so many that count one comes before, and does not."""


@dataclass(slots=True)
class Counted:
    """Counts what is consumed, and reads the clocks at the first and the last that count."""

    wanted: int
    clocks: Clocks
    full: asyncio.Event = field(default_factory=asyncio.Event)
    _done: int = 0
    _began: float = 0.0
    _before: Figures = field(default_factory=dict)
    figures: Figures = field(default_factory=dict)

    def one(self) -> None:
        """Count one."""
        self._done += 1
        if self._done == self.wanted // WARM_UP:
            self._before, self._began = self.clocks.read(), time.perf_counter()
        elif self._done == self.wanted // WARM_UP + self.wanted:
            seconds = time.perf_counter() - self._began
            each = spent(self._before, self.clocks.read(), self.wanted)
            self.figures = {"rate": self.wanted / seconds, **each}
            self.full.set()


Consuming = Callable[[Given, Counted], AbstractAsyncContextManager[str]]
"""Consumes for as long as the context is open; yields the name of its consumer of EVENTS."""


@dataclass(frozen=True, slots=True)
class Measuring:
    """Fills the stream for each level, and measures how it is consumed."""

    given: Given
    consuming: Consuming

    async def measure(self, levels: Sequence[Level], clocks: Clocks) -> Figures:
        """Return the rate and the processor time for each message.

        Fails where not all are acknowledged in the end.
        """
        found: Figures = {}
        for level in levels:
            await emptied(self.given)
            await self._fill(level.count + level.count // WARM_UP)
            counted = Counted(level.count, clocks)
            async with self.consuming(self.given, counted) as consumer:
                await asyncio.wait_for(counted.full.wait(), CONSUMED_WITHIN)
                await self._settled(consumer)
            found |= {f"{level.name} {name}": each for name, each in counted.figures.items()}
        return found

    async def _fill(self, count: int) -> None:
        payload = msgspec.json.encode(EVENT)
        async with connected(self.given, "operator") as client, asyncio.timeout(FILLED_WITHIN):
            stream = client.jetstream()
            for number in range(count):
                await client.publish(SUBJECT, payload, headers=headers_of(f"bench-{number}"))
                if number % FLUSHED_EVERY == 0:
                    await client.flush()
            while True:
                if (await stream.stream_info("EVENTS")).state.messages >= count:
                    return
                await asyncio.sleep(LOOKED_EVERY)

    async def _settled(self, consumer: str) -> None:
        async with connected(self.given, "operator") as client, asyncio.timeout(SETTLED_WITHIN):
            stream = client.jetstream()
            while True:
                info = await stream.consumer_info("EVENTS", consumer)
                if not info.num_ack_pending and not info.num_pending:
                    return
                await asyncio.sleep(LOOKED_EVERY)


@asynccontextmanager
async def by_worker(given: Given) -> AsyncIterator[Measuring]:
    """Consume as a service does, with all that is around its handlers."""
    yield Measuring(given, _worker)


@asynccontextmanager
async def _worker(given: Given, counted: Counted) -> AsyncIterator[str]:
    async def note(_event: Happened, _actor: Actor) -> None:
        counted.one()

    router = Router()
    router.handle(note)
    async with published(given, "storage") as publisher:
        read, call = typed_reader(EVENTS, list(router)), around(publisher)
        async with running_until_measured(Worker(EVENTS, read, call, publisher, READY_AT_ONCE)):
            yield EVENTS.name


@asynccontextmanager
async def by_pull_loop(given: Given) -> AsyncIterator[Measuring]:
    """Consume as a worker does beneath its reader: decode, and acknowledge."""
    yield Measuring(given, _pull_loop)


@asynccontextmanager
async def _pull_loop(given: Given, counted: Counted) -> AsyncIterator[str]:
    decoder = msgspec.json.Decoder(Happened)

    async with published(given, "storage") as publisher:

        async def see(message: Msg) -> None:
            assert decoder.decode(message.data).key
            acknowledge(publisher.link, message)
            counted.one()

        hand = Hand(EVENTS.name, MAX_IN_HAND, READY_AT_ONCE)
        loop = PullLoop(publisher.link, EVENTS.stream, EVENTS.name, see, hand)
        async with running_until_measured(loop):
            yield EVENTS.name
