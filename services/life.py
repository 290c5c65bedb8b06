"""What every service is given besides its settings: when to stop, and where to report."""

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine, Iterable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from typing import Any

import structlog
from opentelemetry.sdk._logs import LoggerProvider
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.trace import Tracer
from prometheus_client import CollectorRegistry
from pydantic import SecretStr
from redis.asyncio import Redis

from bus.connection import CLIENTS, Link, connect
from bus.errors import in_short
from bus.inspection import BusWatch
from bus.meters import Meters
from bus.publisher import Publisher
from observability.calls import Calls
from observability.collector import shut_down
from observability.conventions import SCHEMA_URL
from observability.log_export import logger_provider
from observability.traces import tracer_provider
from services.garbage import look_for_less
from services.redis_client import redis_client
from services.settings import BusSettings

log = structlog.get_logger()

FIRST_DELAY, LONGEST_DELAY = 0.1, 2.0
REDIS_TIMEOUT = 2.0
NATS_HEARD_WITHIN = 15.0
"""Seconds; of the probes of the bus, one may be missed."""
TELEMETRY_SECONDS = 1.5
"""Seconds for the last spans and log lines: a stop has ten altogether."""
CANCELLED_WITHIN = 1.0
CANCELLED_AGAIN_AFTER = 0.2

Attempt = Callable[[], Awaitable[object]]


class NotConnected(Exception):
    """The bus is not reached now."""


@dataclass(slots=True, eq=False)
class Life:
    """One service's run. Telemetry is the service's own: several may share a process."""

    service: str
    provider: TracerProvider
    logs: LoggerProvider
    stopping: asyncio.Event = field(default_factory=asyncio.Event)
    ready: asyncio.Event = field(default_factory=asyncio.Event)
    registry: CollectorRegistry = field(default_factory=CollectorRegistry)
    dependencies: dict[str, Attempt] = field(default_factory=dict)
    """By name what fails as long as a dependency does not answer."""
    link: Link | None = None
    """The connection to the bus, once there is one."""
    calls: Calls = field(init=False)
    """Times what the service asks of others."""
    meters: Meters = field(init=False)
    """Counts its messages."""

    def __post_init__(self) -> None:
        self.calls = Calls(self.registry, self.tracer)
        self.meters = Meters(self.registry, self.calls)

    @classmethod
    def begin(cls, service: str) -> "Life":
        """Give a service its telemetry."""
        return cls(service, tracer_provider(service), logger_provider(service))

    async def end(self) -> None:
        """Export what is left of its telemetry."""
        await shut_down(self.provider, self.logs, within_seconds=TELEMETRY_SECONDS)

    @property
    def tracer(self) -> Tracer:
        """What the service's spans are made with."""
        return self.provider.get_tracer(f"switchboard.{self.service}", schema_url=SCHEMA_URL)

    @asynccontextmanager
    async def bus(self, settings: BusSettings) -> AsyncIterator[Publisher]:
        """Connect to the bus as this service's user."""
        self.dependencies["NATS"] = self._hear_of_bus
        seed = getattr(settings, f"nats_seed_{self.service}")
        client = CLIENTS[settings.nats_client]
        async with connect(settings.nats_url, self.service, seed, make_client=client) as link:
            link.meters = self.meters
            self.link = link
            publisher = Publisher(link, self.tracer)
            self.registry.register(publisher.burials)
            self.registry.register(link.forgeries)
            yield publisher

    async def _hear_of_bus(self) -> None:
        link = self.link
        if link is None or not link.client.is_connected:
            raise NotConnected
        if time.monotonic() - link.alive_at > NATS_HEARD_WITHIN:
            raise TimeoutError

    def bus_watch(self, url: str, seed: SecretStr) -> BusWatch:
        """Look at the bus as this service's user, without touching it."""
        return BusWatch(url, self.service, seed)

    async def wait_for(self, what: str, attempt: Attempt) -> None:
        """Wait, for as long as it takes, until a dependency answers; the log says for what.

        From then on the service is ready only while the attempt succeeds.
        """
        self.dependencies[what] = attempt
        delay = FIRST_DELAY
        while not self.stopping.is_set():
            try:
                await attempt()
            except Exception as error:  # noqa: BLE001 # each client has errors of its own
                log.warning("dependency.awaited", dependency=what, error=in_short(error))
            else:
                return
            await self.pause(delay)
            delay = min(delay * 2, LONGEST_DELAY)

    @asynccontextmanager
    async def redis(self, url: SecretStr) -> AsyncIterator[Redis]:
        """Connect to Redis, waiting for it as long as it takes."""
        client = redis_client(url, self.service, REDIS_TIMEOUT, self.calls)
        try:
            await self.wait_for("Redis", client.ping)
            yield client
        finally:
            await client.aclose()

    async def until_stopping(self, part: Coroutine[Any, Any, None]) -> None:
        """Run a part that never ends by itself, until told to stop."""
        running = asyncio.create_task(part)
        stopped = asyncio.create_task(self.stopping.wait())
        try:
            wait: list[asyncio.Future[Any]] = [running, stopped]
            await asyncio.wait(wait, return_when=asyncio.FIRST_COMPLETED)
            if running.done():
                running.result()
        finally:
            stopped.cancel()
            # A request of nats-py takes a cancellation for a timeout, and its caller goes on.
            while not running.done():
                running.cancel()
                await asyncio.wait({running}, timeout=CANCELLED_AGAIN_AFTER)
            with suppress(asyncio.CancelledError):
                await running

    async def pause(self, seconds: float) -> None:
        """Wait, but not on when told to stop."""
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self.stopping.wait()

    async def work(
        self,
        link: Link,
        parts: Iterable[Awaitable[None]],
        begun: Iterable[asyncio.Event] = (),
    ) -> None:
        """Run the parts of a service until told to stop; fail when one fails or NATS is lost.

        The service is ready once all of `begun` are set.
        """
        tasks: set[asyncio.Future[Any]] = {asyncio.ensure_future(part) for part in parts}
        tasks.add(asyncio.create_task(self._be_ready(list(begun))))
        stopped = asyncio.create_task(self.stopping.wait())
        try:
            running = set(tasks)
            while not (stopped.done() or link.lost.done()):
                wait: set[asyncio.Future[Any]] = {*running, stopped, link.lost}
                done, _ = await asyncio.wait(wait, return_when=asyncio.FIRST_COMPLETED)
                running -= done
                for finished in done:
                    finished.result()
            if link.lost.done() and not stopped.done():
                link.lost.result()
            # Told to stop: every part finishes what it has in hand.
            await asyncio.gather(*running)
        finally:
            for task in {*tasks, stopped}:
                task.cancel()
            # What they hold is theirs until they have ended.
            await asyncio.wait({*tasks, stopped}, timeout=CANCELLED_WITHIN)

    async def _be_ready(self, begun: list[asyncio.Event]) -> None:
        for event in begun:
            await event.wait()
        look_for_less()
        self.ready.set()
