"""What the bus holds and how fast messages pass, for whoever may look but not touch.

Messages are counted by subject; no payload is read or kept.
"""

import asyncio
import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass

import msgspec
from nats.aio.msg import Msg
from pydantic import SecretStr

from bus.connection import ConnectionLost, Link, connect
from bus.destinations import subject_template
from bus.listing import NOT_SAID, StreamFigures, streams_of
from bus.rates import Rates
from bus.topology import STREAMS
from bus.users import USERS

LOOKED_AT_MOST_EVERY = 0.8
"""Seconds: however many windows look, the server is asked once."""
STATS_WITHIN = 0.15
"""Seconds that copies of a service have to tell what they answered."""


class _Endpoint(msgspec.Struct):
    subject: str
    num_requests: int


class _Stats(msgspec.Struct):
    id: str
    endpoints: list[_Endpoint]


@dataclass(frozen=True, slots=True)
class SubjectFigures:
    """How many messages passed: altogether, and in each of the last sixty seconds."""

    subject: str
    total: int
    last_minute: Sequence[int]


@dataclass(frozen=True, slots=True)
class BusFigures:
    """The bus at one moment."""

    streams: Sequence[StreamFigures]
    subjects: Sequence[SubjectFigures]


class BusWatch:
    """Looks at the bus as a user who may do nothing else."""

    def __init__(self, url: str, user: str, seed: SecretStr) -> None:
        self._url, self._user, self._seed = url, user, seed
        self._link: Link | None = None
        self._rates = Rates()
        self._answered: dict[tuple[str, str], int] = {}
        self._looking = asyncio.Lock()
        self._seen: tuple[float, BusFigures] | None = None

    async def run(self) -> None:
        """Count what passes, for ever; a bus that is away is waited for."""
        while True:
            with suppress(ConnectionLost):
                async with connect(self._url, self._user, self._seed) as link:
                    for subject in USERS[self._user].subscribes:
                        await link.client.subscribe(subject, cb=self._count)
                    self._link = link
                    await link.lost

    async def look(self) -> BusFigures | None:
        """The bus as it is, or was less than a second ago; None while it is away."""
        async with self._looking:
            now = time.monotonic()
            if self._seen is None or now - self._seen[0] > LOOKED_AT_MOST_EVERY:
                link = self._link
                if link is None or not link.client.is_connected:
                    return None
                try:
                    self._seen = (now, await self._figures(link))
                except NOT_SAID:
                    return None
            return self._seen[1]

    async def _count(self, message: Msg) -> None:
        self._rates.count(subject_template(message.subject))

    async def _figures(self, link: Link) -> BusFigures:
        await self._count_answers(link)
        streams = sorted([stream async for stream in streams_of(link)], key=_place)
        subjects = [
            SubjectFigures(name, self._rates.total(name), self._rates.last_minute(name))
            for name in self._rates.names()
        ]
        return BusFigures(streams, subjects)

    async def _count_answers(self, link: Link) -> None:
        """Count queries by what their services tell: to hear them would count as answering.

        With nobody else there, who asked would wait instead of being told so at once.
        """
        for stats in await _stats(link):
            for endpoint in stats.endpoints:
                key = (stats.id, endpoint.subject)
                before = self._answered.get(key, endpoint.num_requests)
                if endpoint.num_requests > before:
                    self._rates.count(endpoint.subject, endpoint.num_requests - before)
                self._answered[key] = endpoint.num_requests


def _place(stream: StreamFigures) -> tuple[int, str]:
    """Streams in the order in which a press meets them; foreign ones last."""
    known = list(STREAMS)
    place = known.index(stream.name) if stream.name in known else len(known)
    return place, stream.name


async def _stats(link: Link) -> list[_Stats]:
    """What every copy of every service has answered so far."""
    found: list[_Stats] = []
    inbox = link.client.new_inbox()
    subscription = await link.client.subscribe(inbox)
    try:
        await link.client.publish("$SRV.STATS", b"", reply=inbox)
        async with asyncio.timeout(STATS_WITHIN):
            async for message in subscription.messages:
                with suppress(msgspec.MsgspecError):
                    found.append(msgspec.json.decode(message.data, type=_Stats))
    except TimeoutError:
        pass  # nobody says how many there are: all who could have answered in time
    finally:
        await subscription.unsubscribe()
    return found
