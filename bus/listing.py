"""What the server lists: streams, what each holds, and how far each consumer is behind."""

from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar

import msgspec
from nats.errors import Error as NatsError
from nats.js.errors import APIError, NotFoundError

from bus.connection import REQUEST_TIMEOUT, Link
from bus.topology import OWNER

NOT_SAID = (NatsError, TimeoutError, msgspec.MsgspecError)
"""What is raised when NATS does not say how it stands."""


class _ConsumerConfig(msgspec.Struct, frozen=True):
    metadata: dict[str, str] = {}


class ConsumerFigures(msgspec.Struct, frozen=True):
    """How far a consumer is behind."""

    name: str
    num_pending: int = 0
    """Messages that nobody was given yet."""
    num_ack_pending: int = 0
    """Messages in somebody's hand."""
    num_redelivered: int = 0
    """Of those, how many were in another hand before."""
    config: _ConsumerConfig = _ConsumerConfig()

    @property
    def ours(self) -> bool:
        """Whether it is one that the topology declares; an operator may make others."""
        return OWNER.items() <= self.config.metadata.items()


class _Config(msgspec.Struct):
    name: str
    description: str = ""


class _State(msgspec.Struct):
    messages: int
    bytes: int
    first_ts: datetime
    last_ts: datetime


class _Stream(msgspec.Struct):
    config: _Config
    state: _State


class _Page(msgspec.Struct):
    total: int
    error: dict[str, Any] | None = None


class _Streams(_Page):
    streams: list[_Stream] | None = None


class _Consumers(_Page):
    consumers: list[ConsumerFigures] | None = None


PageT = TypeVar("PageT", _Streams, _Consumers)


@dataclass(frozen=True, slots=True)
class StreamFigures:
    """What a stream holds; `first` and `last` are None while it is empty."""

    name: str
    description: str
    messages: int
    bytes: int
    first: datetime | None
    last: datetime | None
    consumers: Sequence[ConsumerFigures]


async def streams_of(link: Link) -> AsyncIterator[StreamFigures]:
    """Yield what every stream holds; raises one of NOT_SAID."""
    offset = 0
    while (page := await _page(link, "STREAM.LIST", offset, _Streams)).streams:
        for stream in page.streams:
            with suppress(NotFoundError):  # gone since it was listed
                yield await _figures_of(link, stream)
        offset += len(page.streams)


async def _figures_of(link: Link, stream: _Stream) -> StreamFigures:
    consumers = await consumers_of(link, stream.config.name)
    state = stream.state
    return StreamFigures(
        name=stream.config.name,
        description=stream.config.description,
        messages=state.messages,
        bytes=state.bytes,
        first=state.first_ts if state.messages else None,
        last=state.last_ts if state.messages else None,
        consumers=sorted(consumers, key=lambda consumer: consumer.name),
    )


async def consumers_of(link: Link, stream: str) -> list[ConsumerFigures]:
    """Return how far each consumer of a stream is behind; raises one of NOT_SAID."""
    consumers: list[ConsumerFigures] = []
    list_of = f"CONSUMER.LIST.{stream}"
    while found := (await _page(link, list_of, len(consumers), _Consumers)).consumers:
        consumers += found
    return consumers


async def _page(link: Link, what: str, offset: int, page: type[PageT]) -> PageT:
    asked: Mapping[str, int] = {"offset": offset}
    with link.meters.asking_server(".".join(what.split(".")[:2])):
        reply = await link.client.request(
            f"$JS.API.{what}", msgspec.json.encode(asked), timeout=REQUEST_TIMEOUT
        )
    found = msgspec.json.decode(reply.data, type=page)
    if found.error:  # beside an empty list
        APIError.from_error(found.error)
    return found
