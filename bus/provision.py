"""Applies the table of streams and consumers to a server; running it again changes nothing."""

import asyncio
from collections.abc import Sequence

import structlog
from nats.errors import Error as NatsError
from nats.js import JetStreamContext
from nats.js.api import ConsumerConfig, ConsumerInfo, StreamConfig, StreamInfo
from nats.js.errors import NotFoundError
from pydantic import SecretStr

from bus.connection import connect
from bus.errors import BusError
from bus.topology import STREAMS, Consumer

log = structlog.get_logger()

DEADLINE = 30.0


class NotProvisioned(BusError):
    """Streams and consumers are not as declared; the text says why."""


async def provision(url: str, seed: SecretStr, consumers: Sequence[Consumer]) -> list[str]:
    """Create or update streams and consumers as the operator; return what changed, in words.

    A consumer that the table no longer has is removed, unless it still holds unsettled work.

    Raises:
        NotProvisioned: the server did not answer in time, or refused.
    """
    try:
        async with (
            asyncio.timeout(DEADLINE),
            connect(url, "operator", seed, name="provision") as link,
        ):
            # Each request may take what is left of it: a disk is slow at its first stream.
            return await _apply(link.client.jetstream(timeout=DEADLINE), consumers)
    except (NatsError, TimeoutError) as error:
        raise NotProvisioned(str(error) or "no answer in time") from error


async def _apply(js: JetStreamContext, consumers: Sequence[Consumer]) -> list[str]:
    changes: list[str] = []
    for config in STREAMS.values():
        changes += await _apply_stream(js, config)
    for consumer in consumers:
        changes += await _apply_consumer(js, consumer)
    for stream in STREAMS:
        wanted = {consumer.name for consumer in consumers if consumer.stream == stream}
        changes += await _remove_others(js, stream, wanted)
    return changes


async def _apply_stream(js: JetStreamContext, config: StreamConfig) -> list[str]:
    assert config.name
    try:
        existing = await js.stream_info(config.name)
    except NotFoundError:
        await js.add_stream(config)
        return [f"stream {config.name} created"]
    if not differences(existing, config):
        return []
    await js.update_stream(config)
    return [f"stream {config.name} updated"]


async def _apply_consumer(js: JetStreamContext, consumer: Consumer) -> list[str]:
    config = consumer.config()
    try:
        existing = await js.consumer_info(consumer.stream, consumer.name)
    except NotFoundError:
        await js.add_consumer(consumer.stream, config)
        return [f"consumer {consumer.stream} {consumer.name} created"]
    if not differences(existing, config):
        return []
    await js.add_consumer(consumer.stream, config)
    return [f"consumer {consumer.stream} {consumer.name} updated"]


async def _remove_others(js: JetStreamContext, stream: str, wanted: set[str]) -> list[str]:
    changes = []
    for info in await _consumers(js, stream):
        if info.name in wanted or (info.config.metadata or {}).get("owner") != "switchboard":
            continue
        if info.num_pending or info.num_ack_pending:
            log.warning(
                "consumer.kept", stream=stream, consumer=info.name, pending=info.num_pending
            )
            continue
        await js.delete_consumer(stream, info.name)
        changes.append(f"consumer {stream} {info.name} removed")
    return changes


async def _consumers(js: JetStreamContext, stream: str) -> list[ConsumerInfo]:
    found: list[ConsumerInfo] = []
    while page := await js.consumers_info(stream, offset=len(found)):
        found += page
    return found


def differences(
    existing: StreamInfo | ConsumerInfo, wanted: StreamConfig | ConsumerConfig
) -> list[str]:
    """Return in words, field by field, what the server has otherwise than we ask for.

    It adds defaults of its own, which are no difference.
    """
    have, want = existing.config.as_dict(), wanted.as_dict()
    return [
        f"{key} is {have.get(key)} instead of {value}"
        for key, value in want.items()
        if value is not None and not _equal(have.get(key), value)
    ]


def _equal(have: object, want: object) -> bool:
    if isinstance(want, dict) and isinstance(have, dict):
        return all(have.get(key) == value for key, value in want.items())
    if isinstance(want, list) and isinstance(have, list):
        return sorted(map(str, have)) == sorted(map(str, want))
    # An absent value and an empty one mean the same to the server.
    return have == want or (not have and not want)
