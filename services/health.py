"""What is asked of a process from outside: /healthz, /readyz and /metrics, on one listener.

Alive is what need not be started again; ready is what may be given work now.
"""

import asyncio
import errno
import time
from collections import deque
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Sequence
from contextlib import ExitStack, asynccontextmanager, contextmanager, suppress
from dataclasses import dataclass, field
from typing import Any

import structlog
from aiohttp import web

from services.health_address import left_in
from services.life import Life
from services.metrics import ProcessMetrics
from services.settings import Settings, WrongSettings

log = structlog.get_logger()

ALIVE_WITHIN = 30.0
"""Seconds since NATS was last heard of, after which a process is better started again."""
ASK_WITHIN = 2.0
"""Seconds a dependency has to answer."""
ASK_AGAIN_AFTER = 1.0
"""Seconds for which an answer is good: who asks often does not keep the dependencies busy."""
TICK = 1.0
TICKS_REMEMBERED = 60
STOP_SECONDS = 0.5


@asynccontextmanager
async def health(lives: Sequence[Life], settings: Settings) -> AsyncIterator[None]:
    """Listen for as long as the context is open.

    Raises:
        WrongSettings: the address cannot be listened on.
    """
    checkup = Checkup(lives)
    runner = web.AppRunner(checkup.application(), access_log=None, shutdown_timeout=STOP_SECONDS)
    await runner.setup()
    watching = asyncio.create_task(checkup.stalls.watch())
    try:
        await _listen(runner, settings.health_host, settings.health_port)
        port = runner.addresses[0][1]
        log.info("health.listening", port=port, services=[life.service for life in lives])
        with _address_left(settings, port):
            yield
    finally:
        watching.cancel()
        with suppress(asyncio.CancelledError):
            await watching
        await runner.cleanup()


@contextmanager
def _address_left(settings: Settings, port: int) -> Iterator[None]:
    with ExitStack() as leaving:
        try:
            leaving.enter_context(left_in(settings.health_dir, settings.health_host, port))
        except OSError as error:
            raise WrongSettings(
                f"HEALTH_DIR {settings.health_dir} cannot be written: {error.strerror}"
            ) from None
        yield


async def _listen(runner: web.AppRunner, host: str, port: int) -> None:
    try:
        await web.TCPSite(runner, host, port).start()
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            raise WrongSettings(
                f"HEALTH_PORT {port} is in use by another program; expected: a free port,"
                " or 0 for any"
            ) from None
        raise WrongSettings(f"HEALTH_HOST {host} cannot be listened on: {error.strerror}") from None


class Stalls:
    """How late the event loop wakes up: a handler that blocks it blocks all."""

    def __init__(self) -> None:
        self._late: deque[float] = deque([0.0], maxlen=TICKS_REMEMBERED)

    @property
    def longest(self) -> float:
        """The longest of the last minute, in seconds."""
        return max(self._late)

    async def watch(self) -> None:
        """Measure until cancelled."""
        while True:
            began = time.monotonic()
            await asyncio.sleep(TICK)
            self._late.append(time.monotonic() - began - TICK)


@dataclass(slots=True)
class Checkup:
    """Looks at the services of a process."""

    lives: Sequence[Life]
    stalls: Stalls = field(default_factory=Stalls)
    _metrics: ProcessMetrics = field(init=False)
    _asking: "asyncio.Task[list[list[str]]] | None" = field(default=None, init=False)
    _asked_at: float = field(default=0.0, init=False)

    def __post_init__(self) -> None:
        self._metrics = ProcessMetrics(self.lives)

    def application(self) -> web.Application:
        """Return the server of the three addresses."""
        application = web.Application()
        application.router.add_get("/healthz", self._healthz)
        application.router.add_get("/readyz", self._readyz)
        application.router.add_get("/metrics", self._show_metrics)
        return application

    async def _healthz(self, _: web.Request) -> web.Response:
        services = {life.service: _liveness(life) for life in self.lives}
        alive = all(service["alive"] for service in services.values())
        # That an answer comes at all says that the event loop is not stuck now.
        stall = round(self.stalls.longest, 3)
        said = {"alive": alive, "longest_stall_seconds": stall, "services": services}
        return web.json_response(said, status=200 if alive else 503)

    async def _readyz(self, _: web.Request) -> web.Response:
        if self._asking is None or time.monotonic() - self._asked_at > ASK_AGAIN_AFTER:
            self._asked_at = time.monotonic()
            self._asking = asyncio.create_task(_ask_dependencies(self.lives))
        # Shielded: who goes away while it waits takes the answer from nobody else.
        missing = await asyncio.shield(self._asking)
        services = {}
        for life, silent in zip(self.lives, missing, strict=True):
            reasons = [*_own_reasons(life), *silent]
            services[life.service] = {"ready": not reasons, "reasons": reasons}
        ready = all(service["ready"] for service in services.values())
        return web.json_response(
            {"ready": ready, "services": services}, status=200 if ready else 503
        )

    async def _show_metrics(self, request: web.Request) -> web.Response:
        self._metrics.stall.set(self.stalls.longest)
        text, content_type = self._metrics.text(request.headers.get("Accept", ""))
        return web.Response(body=text, headers={"Content-Type": content_type})


def _liveness(life: Life) -> dict[str, Any]:
    """A service that has no connection yet waits for NATS, and a new start would wait, too."""
    if life.link is None:
        return {"alive": True, "nats_heard_seconds_ago": None}
    silence = time.monotonic() - life.link.alive_at
    return {"alive": silence < ALIVE_WITHIN, "nats_heard_seconds_ago": round(silence, 1)}


def _own_reasons(life: Life) -> list[str]:
    if life.stopping.is_set():
        return ["it is stopping"]
    return [] if life.ready.is_set() else ["it is starting"]


async def _ask_dependencies(lives: Sequence[Life]) -> list[list[str]]:
    return list(await asyncio.gather(*(_silent(life) for life in lives)))


async def _silent(life: Life) -> list[str]:
    """Return in words which dependencies of a service do not answer."""
    asked = life.dependencies.items()
    answers = await asyncio.gather(*(_ask(name, attempt) for name, attempt in asked))
    return [answer for answer in answers if answer]


async def _ask(name: str, attempt: Callable[[], Awaitable[object]]) -> str:
    try:
        async with asyncio.timeout(ASK_WITHIN):
            await attempt()
    except TimeoutError:
        return f"{name} does not answer within {ASK_WITHIN:g} s"
    except Exception as error:  # noqa: BLE001 # each client has errors of its own
        # The class alone: texts of clients name addresses.
        return f"{name} does not answer: {type(error).__name__}"
    return ""
