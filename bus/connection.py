"""One connection to NATS: it waits for the server, survives restarts, notices a dead link."""

import asyncio
import time
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from typing import NamedTuple

import nkeys  # type: ignore[import-untyped] # published without types
import structlog
from nats.aio.msg import Msg
from nats.errors import Error as NatsError
from nats.js import JetStreamContext
from nats.nuid import NUID
from pydantic import SecretStr

from bus.address import UNKNOWN_SERVER, Server, read_address, server_of
from bus.client import Client
from bus.errors import BusError, in_short
from bus.lean_client import LeanClient
from bus.meters import Meters, unread_meters
from bus.replies import Forgeries
from bus.watcher import Watcher

log = structlog.get_logger()

REQUEST_TIMEOUT = 2.0
"""Seconds; a request in flight while the server restarts is lost, so waits are short."""
PROBE_INTERVAL = 5.0
PROBES_MISSED_AT_MOST = 3
"""After so many in a row, 21 s, a connection is taken for dead, whatever the client believes."""
DRAIN_TIMEOUT = 3.0
"""Seconds; with what a service may take to finish and let go, it ends within 10 s."""
CLIENTS: Mapping[str, Callable[[], Client]] = {"lean": LeanClient, "plain": Client}
"""By what a setting calls them: the fast one, and nats-py's own with what mends it."""


class ConnectionLost(BusError):
    """The connection is closed for good; the process should end and be started again."""


class WrongSeed(BusError):
    """A user's key can never be right; the text does not show it."""


@dataclass(slots=True, eq=False)
class Link:
    """A live connection of one service and its JetStream context."""

    client: Client
    jetstream: JetStreamContext
    user: str
    lost: "asyncio.Future[None]"  # fails with ConnectionLost when the connection cannot recover
    meters: Meters = field(default_factory=unread_meters)
    forgeries: Forgeries = field(default_factory=Forgeries)
    """What asked for an answer in a wrong place, for the metrics."""
    alive_at: float = field(default_factory=time.monotonic)
    """When the server was last heard of, in seconds of the monotonic clock."""
    server: Server = UNKNOWN_SERVER  # as the settings say
    when_back: set[Callable[[], None]] = field(default_factory=set)
    """Called after each reconnection; they neither wait nor raise."""

    def is_alive(self) -> None:
        """Note a proof of life."""
        self.alive_at = time.monotonic()

    def is_back(self) -> None:
        """Note that it is connected anew: what was asked before is not answered any more."""
        self.is_alive()
        for begin_anew in tuple(self.when_back):
            begin_anew()

    def lose(self, reason: str) -> None:
        """Give the connection up: the process should end and be started again."""
        if not self.lost.done():
            self.lost.set_exception(ConnectionLost(reason))
            self.lost.exception()  # read once, so that an unread future stays silent


@asynccontextmanager
async def connect(
    url: str,
    user: str,
    seed: SecretStr,
    *,
    name: str = "",
    make_client: Callable[[], Client] = LeanClient,
) -> AsyncIterator[Link]:
    """Connect as `user`, waiting for a server that is away; drain and close at the end.

    Nobody reads the meters of the link unless it is given others.

    Raises:
        WrongAddress, WrongSeed: with these there will never be a connection.
    """
    _check(seed, user)
    watcher = Watcher(user)
    client = await _connect(url, watcher, _SignIn(seed, name or user, make_client))
    jetstream = client.jetstream(timeout=REQUEST_TIMEOUT)
    lost: asyncio.Future[None] = asyncio.get_running_loop().create_future()
    link = watcher.link = Link(client, jetstream, user, lost)
    link.server = server_of(url)
    probing = asyncio.create_task(_Probe(link).run())
    try:
        yield link
    finally:
        probing.cancel()
        with suppress(asyncio.CancelledError):
            await probing
        watcher.closing = True
        await _close(client)
        lost.cancel()


def _check(seed: SecretStr, user: str) -> None:
    try:
        nkeys.from_seed(seed.get_secret_value().encode())
    except (nkeys.NkeysError, ValueError, IndexError):
        raise WrongSeed(f"what was given as the nkey seed of NATS user {user} is none") from None


class _SignIn(NamedTuple):
    seed: SecretStr
    name: str
    make_client: Callable[[], Client]


async def _connect(url: str, watcher: Watcher, sign_in: _SignIn) -> Client:
    delay = 0.2
    address, tls = read_address(url)
    while True:
        client = sign_in.make_client()
        try:
            await client.connect(
                address,
                name=sign_in.name,
                tls=tls,
                nkeys_seed_str=sign_in.seed.get_secret_value(),
                inbox_prefix=f"_INBOX.{watcher.user}".encode(),
                error_cb=watcher.on_error,
                disconnected_cb=watcher.on_disconnected,
                reconnected_cb=watcher.on_reconnected,
                closed_cb=watcher.on_closed,
                max_reconnect_attempts=-1,
                reconnect_time_wait=0.5,  # type: ignore[arg-type] # any number of seconds works
                connect_timeout=2,
                # Two missed pings end a half-open connection within 15 s.
                ping_interval=5,
                max_outstanding_pings=2,
                # Nothing is buffered while disconnected: a publish fails at once and is repeated
                # under its own id, instead of once more by the client later.
                pending_size=0,
                drain_timeout=2,
            )
        except (TimeoutError, OSError, ValueError, NatsError) as error:
            # A ValueError: somebody else listens there, whose greeting is no JSON.
            await watcher.on_error(error)
            await _close(client)
        else:
            return client
        await asyncio.sleep(delay)
        delay = min(delay * 2, 2.0)


class _Probe:
    """Ends a connection that looks alive but is read by nobody.

    It sends a message to itself, which needs no part of JetStream and goes the whole way through
    the client; nats-py's own flush() can cause the very state that is looked for.
    """

    def __init__(self, link: Link) -> None:
        self._link = link
        self._subject = f"_INBOX.{link.user}.probe.{NUID().next().decode()}"
        self._heard = asyncio.Event()
        self._is_listening = False

    async def run(self) -> None:
        """Probe until the connection is given up."""
        link, missed = self._link, 0
        while not link.lost.done():
            await asyncio.sleep(PROBE_INTERVAL)
            if await self._round_trip():
                missed = 0
                link.is_alive()
            else:
                # While reconnecting there is nothing to find out: the client knows already.
                missed = missed + 1 if link.client.is_connected else 0
            if link.client.is_stuck:
                link.lose("the NATS client has stopped reconnecting")
            elif missed >= PROBES_MISSED_AT_MOST:
                link.lose("the NATS connection answers nothing")

    async def _round_trip(self) -> bool:
        self._heard.clear()
        try:
            async with asyncio.timeout(REQUEST_TIMEOUT):
                if not self._is_listening:
                    await self._link.client.subscribe(self._subject, cb=self._hear)
                    self._is_listening = True
                await self._link.client.publish(self._subject, b"")
                await self._heard.wait()
        except Exception as error:  # noqa: BLE001 # whatever fails is a probe missed, never its end
            log.debug("nats.probe_missed", user=self._link.user, error=in_short(error))
            return False
        return True

    async def _hear(self, _: Msg) -> None:
        self._heard.set()


async def _close(client: Client) -> None:
    # Whatever fails here, such as a server that is away just then: there is no more to save.
    if client.is_connected:
        with suppress(Exception):
            await asyncio.wait_for(client.drain(), DRAIN_TIMEOUT)
    if not client.is_closed:
        with suppress(Exception):
            await client.close()
