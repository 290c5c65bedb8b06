"""Publishing that returns only when a stream has the message."""

import asyncio
import random
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import msgspec
from nats.errors import (
    BadHeaderError,
    BadSubjectError,
    MaxPayloadError,
    NoRespondersError,
    OutboundBufferLimitError,
)
from nats.errors import Error as NatsError
from nats.js.api import PubAck
from nats.js.errors import APIError
from opentelemetry.trace import Tracer

from bus.burials import Burials
from bus.connection import REQUEST_TIMEOUT, Link
from bus.destinations import subject_template
from bus.errors import NotPublished, Overloaded, StreamRefused
from bus.spans import sending, taken
from bus.trace_context import inject
from bus.within import Within

FIRST_DELAY, LONGEST_DELAY = 0.05, 2.0
FULL = frozenset({10002, 10023, 10028, 10047, 10077})
"""JetStream's codes for a full stream, account or disk; two of them it calls the client's fault."""


class _Answer(msgspec.Struct):
    """What a stream says to a message: where it is now, or why it is not."""

    stream: str = ""
    seq: int = 0
    duplicate: bool | None = None
    error: dict[str, Any] | None = None


_ANSWERS = msgspec.json.Decoder(_Answer)


@dataclass(frozen=True, slots=True)
class Publisher:
    """Publishes to streams under the current trace."""

    link: Link
    tracer: Tracer
    burials: Burials = field(default_factory=Burials)

    async def publish(
        self,
        subject: str,
        payload: bytes,
        headers: Mapping[str, str],
        *,
        deduplicate: str = "",
        deadline: float | None = None,
    ) -> PubAck:
        """Publish until a stream acknowledges; repeats carry the same id.

        `deduplicate` becomes Nats-Msg-Id. With a `deadline`, in seconds, somebody waits to hear
        whether it is accepted. Without one it belongs to work in hand: it is tried for as long as
        it takes, also until there is room in a full stream.

        Raises:
            NotPublished: the deadline passed.
            Overloaded: the stream is full; at once, with a deadline only.
            StreamRefused: it will never be taken (too large, no subject, a foreign id, ...).
        """
        with sending(self.tracer, subject, headers, self.link.server) as span:
            carried = dict(headers)
            inject(carried)
            if deduplicate:
                carried["Nats-Msg-Id"] = deduplicate
            try:
                with Within(deadline):
                    ack = await self._until_acknowledged(
                        subject, payload, carried, somebody_waits=deadline is not None
                    )
            except TimeoutError:
                raise NotPublished(f"no acknowledgement for {subject_template(subject)}") from None
            taken(span, ack.stream, ack.seq)
            return ack

    async def _until_acknowledged(
        self, subject: str, payload: bytes, headers: dict[str, str], *, somebody_waits: bool
    ) -> PubAck:
        delay, in_doubt = FIRST_DELAY, False
        place = subject_template(subject)  # no chat is named where errors are shown
        while True:
            try:
                with self.link.meters.publishing(subject):
                    reply = await self.link.client.request(
                        subject, payload, timeout=REQUEST_TIMEOUT, headers=headers
                    )
                    ack = _read(reply.data)
            except APIError as error:
                if error.err_code in FULL:
                    # What an earlier attempt sent may have been taken: then it is not refused.
                    if somebody_waits and not in_doubt:
                        raise Overloaded(f"{place}: {error.description}") from error
                elif error.code and 400 <= error.code < 500 and error.code != 429:
                    raise StreamRefused(f"{place}: {error.description}") from error
            except (MaxPayloadError, BadSubjectError, BadHeaderError) as error:
                raise StreamRefused(f"{place}: {error}") from error
            except (NatsError, TimeoutError) as error:
                # No stream of the subject: it comes back with the server, or with provisioning.
                if self.link.client.is_closed:
                    raise NotPublished(f"connection closed before {place} was sent") from None
                in_doubt |= not isinstance(error, OutboundBufferLimitError | NoRespondersError)
            else:
                self.link.meters.sent(subject)
                return ack
            await asyncio.sleep(delay * random.uniform(0.5, 1.0))  # noqa: S311 # jitter, no secret
            delay = min(delay * 2, LONGEST_DELAY)


def _read(answer: bytes) -> PubAck:
    """Read as nats-py's JetStream does, in a tenth of the time; raises APIError as it does."""
    read = _ANSWERS.decode(answer)
    if read.error is not None:
        raise APIError.from_error(read.error)
    if not (read.stream and read.seq):
        raise NatsError("an answer that acknowledges nothing")
    return PubAck(stream=read.stream, seq=read.seq, duplicate=read.duplicate)
