"""One connection to NATS: it waits for the server, survives restarts, notices a dead link."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass

import nats
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
    lost: asyncio.Future[None] = asyncio.get_running_loop().create_future()
    client = await _connect(url, user, seed, name or user, lost)
    link = Link(client, client.jetstream(timeout=REQUEST_TIMEOUT), user, lost)
    probe = asyncio.create_task(_probe(link))
    try:
        yield link
    finally:
        probe.cancel()
        with suppress(asyncio.CancelledError):
            await probe
        await _close(client)
        lost.cancel()


async def _connect(
    url: str, user: str, seed: SecretStr, name: str, lost: "asyncio.Future[None]"
) -> Client:
    said: dict[str, float] = {}

    # nats-py stops reading for good when a callback raises, so none of these may.
    async def on_error(error: Exception) -> None:
        text = str(error) or type(error).__name__
        now = asyncio.get_running_loop().time()
        if now - said.get(text, -SAY_AGAIN_AFTER) < SAY_AGAIN_AFTER:
            return
        said[text] = now
        if "permissions violation" in text.lower():
            log.error("nats.permission_missing", user=user, error=text)
        else:
            log.warning("nats.awaited", user=user, error=text)

    async def on_disconnected() -> None:
        log.warning("nats.disconnected", user=user)

    async def on_reconnected() -> None:
        log.info("nats.reconnected", user=user)

    async def on_closed() -> None:
        if not lost.done():
            lost.set_exception(ConnectionLost("the NATS connection was closed"))
            lost.exception()  # read once, so that an unread future stays silent

    delay = 0.2
    while True:
        try:
            return await nats.connect(
                url,
                name=name,
                nkeys_seed_str=seed.get_secret_value(),
                inbox_prefix=f"_INBOX.{user}".encode(),
                error_cb=on_error,
                disconnected_cb=on_disconnected,
                reconnected_cb=on_reconnected,
                closed_cb=on_closed,
                # The first connection is retried here, where the log can say what is awaited.
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
            log.warning("nats.awaited", user=user, error=str(error) or type(error).__name__)
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
    if client.is_connected:
        with suppress(NatsError, asyncio.TimeoutError):
            await asyncio.wait_for(client.drain(), DRAIN_TIMEOUT)
    if not client.is_closed:
        await client.close()
