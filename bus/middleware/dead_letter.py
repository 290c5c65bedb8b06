"""Puts a message that nobody could handle into DEAD, with the reason, whatever it consists of."""

import re
import traceback
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from urllib.parse import quote

import structlog
from nats.aio.msg import Msg

from bus.client import size_of_headers
from bus.delivery import Delivery
from bus.destinations import subject_template
from bus.envelope import ACTOR, ASKER, CAUSATION_ID, CHAT, LOCALE, MESSAGE_ID
from bus.errors import StreamRefused, in_short
from bus.letters import ATTEMPTS, ORIGINAL_SUBJECT, PLACE, REASON, TRUNCATED
from bus.lines import LONGEST_SUBJECT
from bus.publisher import Publisher

log = structlog.get_logger()

REASON_LENGTH = 300
SUBJECT_LENGTH = 500
"""Characters of the subject; a server takes some thousand, and ends the connection for more."""
HEADERS_SIZE = 32 * 1024
"""Bytes; a stream takes 64 KiB, and a header may grow on its way."""
ADDED_SIZE = 32 * 1024
"""Bytes of room for what publishing adds: the trace, and all that may be said beside it."""

_OURS = frozenset(
    name.lower()
    for name in (MESSAGE_ID, CAUSATION_ID, ACTOR, CHAT, LOCALE, ASKER, "traceparent", "tracestate")
)
_NAME = re.compile(r"[!#$%&'*+\-.^_`|~0-9A-Za-z]{1,200}")
_ILLEGAL = re.compile(r"[\s\x00-\x1f\x7f*>\ufffd]")
_READABLE = " :;,.()'=<>/"


@dataclass(frozen=True, slots=True)
class Remains:
    """What is left of a message: all that is needed to bury it."""

    subject: str
    payload: bytes
    headers: Mapping[str, str]
    once: str
    """An id of this delivered message: what is buried again after a crash is kept once."""


@dataclass(frozen=True, slots=True)
class DeadLetters:
    """Buries messages; what is buried can be looked at and replayed."""

    publisher: Publisher

    async def bury(self, delivery: Delivery, error: BaseException) -> None:
        """Publish the delivered message to DEAD with reason, attempts and place of failure.

        Raises NotPublished when the connection is closed, and nothing else.
        """
        once = f"{delivery.stream}-{delivery.consumer}-{delivery.sequence}"
        remains = Remains(delivery.subject, delivery.payload, delivery.headers, once)
        await self.bury_remains(remains, error, delivery.attempt - 1 + delivery.trials)
        delivery.buried = error

    async def bury_message(self, message: Msg, error: BaseException) -> None:
        """Publish a message that could not even be read to DEAD; raises as `bury` does."""
        data = message.metadata
        once = f"{data.stream}-{data.consumer}-{data.sequence.stream}"
        remains = Remains(message.subject, message.data, message.headers or {}, once)
        await self.bury_remains(remains, error, data.num_delivered or 1)

    async def bury_remains(self, remains: Remains, error: BaseException, attempts: int) -> None:
        """Publish to DEAD whatever of it can be published; raises as `bury` does."""
        subject = subject_template(remains.subject)[:LONGEST_SUBJECT]
        said = {
            REASON: quote(_reason(error), safe=_READABLE),
            ATTEMPTS: str(attempts),
            PLACE: quote(_place(error), safe=_READABLE),
        }
        for place, payload, headers in self._ever_shorter(remains, said):
            try:
                await self.publisher.publish(place, payload, headers, deduplicate=remains.once)
            except StreamRefused as refused:
                log.warning("burial.refused", subject=subject, error=in_short(refused))
            else:
                self.publisher.burials.count(remains.subject)
                log.error(
                    "message.dead",
                    subject=subject,
                    reason=_reason(error),
                    attempts=attempts,
                )
                return
        # Not even its place in DEAD is to be had. Keeping it would hold up others for ever.
        log.error("message.lost", subject=subject, reason=_reason(error), **said)

    def _ever_shorter(
        self, remains: Remains, said: dict[str, str]
    ) -> Iterator[tuple[str, bytes, dict[str, str]]]:
        """Yield what may be buried: all of it as far as there is room, then less and less."""
        subject = _legal(remains.subject)
        if subject != remains.subject:
            said = said | {ORIGINAL_SUBJECT: quote(remains.subject, safe="")[: 2 * SUBJECT_LENGTH]}
        subject = f"dead.{subject}"
        kept = dict(_kept(remains.headers))
        ours = {name: value for name, value in kept.items() if name.lower() in _OURS}
        if size_of_headers(kept) <= HEADERS_SIZE:
            yield subject, remains.payload, kept | said
        for headers in (kept, ours, {}):
            if size_of_headers(headers) <= HEADERS_SIZE:
                payload, cut = self._cut(remains.payload, headers)
                yield subject, payload, headers | said | cut
        yield subject, b"", said | {TRUNCATED: str(len(remains.payload))}

    def _cut(self, payload: bytes, headers: dict[str, str]) -> tuple[bytes, dict[str, str]]:
        room = self.publisher.link.client.max_payload - size_of_headers(headers) - ADDED_SIZE
        if len(payload) <= room:
            return payload, {}
        return payload[: max(room, 0)], {TRUNCATED: str(len(payload))}


def _kept(headers: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    for name, value in headers.items():
        # The server's own headers would give the copy a foreign meaning, ours a false one.
        if _NAME.fullmatch(name) and not name.lower().startswith(("nats-", "dead-")):
            yield name, value


def _legal(subject: str) -> str:
    """Return the subject with what cannot be published replaced, and not too long."""
    if len(subject) <= SUBJECT_LENGTH and subject.isascii() and not _ILLEGAL.search(subject):
        return subject
    tokens = [
        quote(_ILLEGAL.sub("_", token), safe="!#$%&'()+,/:;<=?@[]^`{|}~\"\\") or "_"
        for token in subject.split(".")
    ]
    longest = SUBJECT_LENGTH // max(len(tokens), 1)
    return ".".join(token[: max(longest, 1)] for token in tokens)[:SUBJECT_LENGTH].rstrip(".")


def _reason(error: BaseException) -> str:
    return f"{type(error).__name__}: {error}"[:REASON_LENGTH]


def _place(error: BaseException) -> str:
    frames = traceback.extract_tb(error.__traceback__)
    return f"{frames[-1].filename.rpartition('/')[2]}:{frames[-1].lineno}" if frames else ""
