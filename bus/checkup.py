"""What a doctor looks at on NATS: the server, streams and consumers beside their table, users."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import msgspec
from nats.js.api import ConsumerConfig, ConsumerInfo, StreamConfig, StreamInfo
from nats.js.errors import APIError, NotFoundError

from bus.accounts import consumers_of
from bus.attempt import Attempt, NotAllowed
from bus.provision import differences
from bus.topology import STREAMS, Consumer
from bus.users import USERS

_ELSEWHERE = {"Nats-Expected-Stream": "nowhere"}
"""With it every stream refuses a message: it shows that one may publish, and nothing is kept."""


@dataclass(frozen=True, slots=True)
class Server:
    """The server as its answer to a user's question shows it."""

    version: str
    account: str
    everything: bool
    """Whether the user may publish anything."""
    ahead: float
    """Seconds by which its clock is ahead of ours, give or take `unsure`."""
    unsure: float


async def server_of(attempt: Attempt) -> Server:
    """Ask who we are and what time it is."""
    began = datetime.now(UTC)
    told = msgspec.json.decode(await attempt.request("$SYS.REQ.USER.INFO"))
    ended = datetime.now(UTC)
    there = datetime.fromisoformat(_to_microseconds(told["server"]["time"]))
    half = (ended - began) / 2
    publish = told["data"].get("permissions", {}).get("publish", {})
    return Server(
        version=told["server"]["ver"],
        account=told["data"]["account"],
        everything=publish.get("allow", [">"]) == [">"] and not publish.get("deny"),
        ahead=(there - (began + half)).total_seconds(),
        unsure=half.total_seconds(),
    )


def _to_microseconds(text: str) -> str:
    head, _, fraction = text.removesuffix("Z").partition(".")
    return f"{head}.{(fraction + '000000')[:6]}+00:00"


@dataclass(frozen=True, slots=True)
class StreamState:
    """A declared stream: None where it is missing, and how it differs from the table."""

    declared: StreamConfig
    info: StreamInfo | None
    drift: Sequence[str]


@dataclass(frozen=True, slots=True)
class ConsumerState:
    """The same of a consumer."""

    declared: Consumer
    info: ConsumerInfo | None
    drift: Sequence[str]

    @property
    def is_read(self) -> bool:
        """Whether somebody waits for its messages, or has some in hand; one that is missing is."""
        return self.info is None or bool(self.info.num_waiting or self.info.num_ack_pending)


@dataclass(frozen=True, slots=True)
class Streams:
    """All that JetStream holds."""

    streams: Sequence[StreamState]
    consumers: Sequence[ConsumerState]
    undeclared: Sequence[str]
    """Consumers of ours that the table has no more, as `stream consumer`."""
    taken: Mapping[str, Sequence[str]]
    """The subjects that consumers take, with wildcards, by stream; whosever they are."""


async def streams_of(attempt: Attempt, consumers: Sequence[Consumer]) -> Streams:
    """Compare streams and consumers with what is declared."""
    streams = [await _stream(attempt, config) for config in STREAMS.values()]
    found: dict[tuple[str, str], ConsumerInfo] = {}
    for state in streams:
        if state.info:
            name = str(state.declared.name)
            found |= {(name, info.name): info for info in await _consumers(attempt, name)}
    declared = {(consumer.stream, consumer.name) for consumer in consumers}
    return Streams(
        streams,
        [_consumer(consumer, found) for consumer in consumers],
        [
            f"{stream} {name}"
            for (stream, name), info in found.items()
            if (stream, name) not in declared
            and (info.config.metadata or {}).get("owner") == "switchboard"
        ],
        {
            str(state.declared.name): [
                subject
                for (stream, _), info in found.items()
                if stream == state.declared.name
                for subject in _taken_by(info.config)
            ]
            for state in streams
        },
    )


def _taken_by(config: ConsumerConfig) -> Sequence[str]:
    return config.filter_subjects or [config.filter_subject or ">"]


async def _stream(attempt: Attempt, config: StreamConfig) -> StreamState:
    try:
        info = await attempt.jetstream.stream_info(str(config.name))
    except NotFoundError:
        return StreamState(config, None, ())
    return StreamState(config, info, differences(info, config))


async def _consumers(attempt: Attempt, stream: str) -> list[ConsumerInfo]:
    found: list[ConsumerInfo] = []
    while page := await attempt.jetstream.consumers_info(stream, offset=len(found)):
        found += page
    return found


def _consumer(declared: Consumer, found: Mapping[tuple[str, str], ConsumerInfo]) -> ConsumerState:
    info = found.get((declared.stream, declared.name))
    config: ConsumerConfig = declared.config()
    return ConsumerState(declared, info, differences(info, config) if info else ())


async def look_again(attempt: Attempt, state: ConsumerState) -> ConsumerState:
    """Return a consumer as it is now."""
    declared = state.declared
    try:
        info = await attempt.jetstream.consumer_info(declared.stream, declared.name)
    except NotFoundError:
        return ConsumerState(declared, None, ())
    return ConsumerState(declared, info, state.drift)


async def waits_since(attempt: Attempt, state: ConsumerState) -> datetime | None:
    """Return when the oldest message was stored that a consumer has not settled."""
    floor = state.info.ack_floor.stream_seq if state.info and state.info.ack_floor else 0
    oldest: list[datetime] = []
    for subject in state.declared.subjects:
        try:
            message = await attempt.jetstream.get_msg(
                state.declared.stream, seq=floor + 1, subject=subject, next=True
            )
        except NotFoundError:
            continue
        if message.time:
            oldest.append(message.time)
    return min(oldest, default=None)


async def storage_of(attempt: Attempt) -> Mapping[str, Any]:
    """Return `used` and `allowed` bytes of our account; `allowed` is below 0 without a limit."""
    told = msgspec.json.decode(await attempt.request("$JS.API.INFO"))
    if "error" in told:
        raise APIError.from_error(told["error"])
    return {"used": told["storage"], "allowed": told["limits"]["max_storage"]}


async def missing_permissions(
    attempt: Attempt, user: str, consumers: Sequence[Consumer]
) -> list[str]:
    """Return the subjects a user needs and may not use. Nothing is published or taken by it."""
    trials = [_may_publish(attempt, subject) for subject in USERS[user].publishes]
    trials += [_may_pull(attempt, consumer) for consumer in consumers_of(user, consumers)]
    found = await asyncio.gather(*trials)
    return sorted(subject for subject in found if subject)


async def may_look_at_streams(attempt: Attempt) -> bool:
    """Whether a user gets to see more than any service but the operator's should."""
    try:
        await attempt.request("$JS.API.STREAM.NAMES")
    except NotAllowed:
        return False
    return True


async def _may_publish(attempt: Attempt, pattern: str) -> str:
    if pattern.startswith("$JS.API."):
        return await _answered(attempt, pattern.replace("*", "DEAD"), b"", {})
    kind = pattern.partition(".")[0]
    if not any(kind == str(subject).split(".")[0] for subject in _subjects()):
        return ""  # no stream takes it, so trying it could disturb who listens
    subject = pattern.replace("*", "doctor").replace(">", "doctor.doctor")
    return await _answered(attempt, subject, b"", _ELSEWHERE)


async def _may_pull(attempt: Attempt, consumer: Consumer) -> str:
    # No JSON: whoever may ask is told so, and is given no message.
    subject = f"$JS.API.CONSUMER.MSG.NEXT.{consumer.stream}.{consumer.name}"
    return await _answered(attempt, subject, b"{", {})


async def _answered(attempt: Attempt, subject: str, payload: bytes, headers: dict[str, str]) -> str:
    try:
        await attempt.request(subject, payload, headers)
    except NotAllowed:
        return subject
    return ""


def _subjects() -> list[str]:
    return [str(subject) for stream in STREAMS.values() for subject in stream.subjects or ()]
