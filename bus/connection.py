"""One connection to NATS: it waits for the server, survives restarts, notices a dead link."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass

import nats
import nkeys  # type: ignore[import-untyped] # published without types
import structlog
from nats.aio.client import Client
from nats.errors import Error as NatsError
from nats.js import JetStreamContext
from pydantic import SecretStr

from bus.errors import BusError

log = structlog.get_logger()

REQUEST_TIMEOUT = 2.0
"""Seconds; a request in flight while the server restarts is lost, so waits are short."""
PROBE_INTERVAL = 10.0
PROBES_MISSED_AT_MOST = 3
DRAIN_TIMEOUT = 6.0
SAY_AGAIN_AFTER = 10.0
"""Seconds until the same trouble is logged again; the client meets it twice a second."""


class ConnectionLost(BusError):
    """The connection is closed for good; the process should end and be started again."""


class WrongSeed(BusError):
    """A user's key can never be right; the text does not show it."""


@dataclass(frozen=True, slots=True)
class Link:
    """A live connection of one service and its JetStream context."""

    client: Client
    jetstream: JetStreamContext
    user: str
    lost: "asyncio.Future[None]"
    """Fails with ConnectionLost when the connection cannot recover."""


@asynccontextmanager
async def connect(url: str, user: str, seed: SecretStr, *, name: str = "") -> AsyncIterator[Link]:
    """Connect as `user`, waiting for a server that is away; drain and close at the end."""
    _check(seed, user)
    watcher = _Watcher(user)
    client = await _connect(url, watcher, seed, name or user)
    link = Link(client, client.jetstream(timeout=REQUEST_TIMEOUT), user, watcher.lost)
    probe = asyncio.create_task(_probe(link))
    try:
        yield link
    finally:
        probe.cancel()
        with suppress(asyncio.CancelledError):
            await probe
        watcher.closing = True
        await _close(client)
        watcher.lost.cancel()


def _check(seed: SecretStr, user: str) -> None:
    try:
        nkeys.from_seed(seed.get_secret_value().encode())
    except (nkeys.NkeysError, ValueError, IndexError):
        raise WrongSeed(f"what was given as the nkey seed of NATS user {user} is none") from None


class _Watcher:
    """Hears of a connection. nats-py stops reading for good when a callback raises: none may."""

    def __init__(self, user: str) -> None:
        self.user = user
        self.closing = False
        self.lost: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._said: dict[str, float] = {}

    async def on_error(self, error: Exception) -> None:
        text = str(error) or type(error).__name__
        now = asyncio.get_running_loop().time()
        if now - self._said.get(text, -SAY_AGAIN_AFTER) < SAY_AGAIN_AFTER:
            return
        self._said[text] = now
        if "permissions violation" in text.lower():
            log.error("nats.permission_missing", user=self.user, error=text)
        else:
            log.warning("nats.awaited", user=self.user, error=text)

    async def on_disconnected(self) -> None:
        if not self.closing:
            log.warning("nats.disconnected", user=self.user)

    async def on_reconnected(self) -> None:
        log.info("nats.reconnected", user=self.user)

    async def on_closed(self) -> None:
        if not (self.closing or self.lost.done()):
            self.lost.set_exception(ConnectionLost("the NATS connection was closed"))
            self.lost.exception()  # read once, so that an unread future stays silent


async def _connect(url: str, watcher: _Watcher, seed: SecretStr, name: str) -> Client:
    delay = 0.2
    while True:
        try:
            return await nats.connect(
                url,
                name=name,
                nkeys_seed_str=seed.get_secret_value(),
                inbox_prefix=f"_INBOX.{watcher.user}".encode(),
                error_cb=watcher.on_error,
                disconnected_cb=watcher.on_disconnected,
                reconnected_cb=watcher.on_reconnected,
                closed_cb=watcher.on_closed,
                max_reconnect_attempts=-1,
                reconnect_time_wait=0.5,
                connect_timeout=2,
                # Two missed pings end a half-open connection within 15 s.
                ping_interval=5,
                max_outstanding_pings=2,
                # Nothing is buffered while disconnected: a publish fails at once and is repeated
                # under its own id, instead of once more by the client later.
                pending_size=0,
                drain_timeout=5,
            )
        except (TimeoutError, OSError, NatsError) as error:
            await watcher.on_error(error)
        await asyncio.sleep(delay)
        delay = min(delay * 2, 2.0)


async def _probe(link: Link) -> None:
    """End a connection that looks alive but is read by nobody.

    A request round trip is asked for, since nats-py's own flush() can cause that state.
    """
    missed = 0
    while not link.lost.done():
        await asyncio.sleep(PROBE_INTERVAL)
        try:
            await link.client.request("$JS.API.INFO", b"", timeout=REQUEST_TIMEOUT)
            missed = 0
        except (TimeoutError, NatsError):
            # While reconnecting there is nothing to find out: the client knows already.
            missed = missed + 1 if link.client.is_connected else 0
        if missed >= PROBES_MISSED_AT_MOST and not link.lost.done():
            link.lost.set_exception(ConnectionLost("the NATS connection answers nothing"))


async def _close(client: Client) -> None:
    # A server that is away just then resets the connection under both: there is no more to save.
    if client.is_connected:
        with suppress(NatsError, OSError):
            await asyncio.wait_for(client.drain(), DRAIN_TIMEOUT)
    if not client.is_closed:
        with suppress(NatsError, OSError):
            await client.close()
