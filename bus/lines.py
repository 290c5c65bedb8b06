"""Log lines of a message in hand: all say whose it is, and one how its handling ended."""

import logging
import time
from collections.abc import Mapping

import structlog
from nats.aio.msg import Msg
from opentelemetry.trace import get_current_span

from bus.destinations import request_of, subject_template
from bus.envelope import Envelope, read_envelope
from bus.errors import MalformedMessage
from contracts.base import Message
from observability.discretion import content_of
from observability.handling import Handling, Said, bind, name_person, said_by_all, unread
from observability.levels import are_written

log = structlog.get_logger()

PERSON = "switchboard.person"
"""The attribute of a span that says whom it is about, as the lines in it do."""


LONGEST_SUBJECT = 200
"""Characters; anybody may have written it."""


class _Arrived:
    """What lines say of a message: of its headers, until they were read, as far as they do."""

    __slots__ = ("_fields", "_message", "envelope")

    def __init__(self, message: Msg, fields: dict[str, str]) -> None:
        self._message = message
        self._fields = fields
        self.envelope: Envelope | None = None

    def __call__(self) -> Said:
        """Read the subject and, unless somebody has, the headers."""
        envelope = self.envelope or _envelope(self._message.headers)
        subject = self._message.subject
        fields = {
            "app": request_of(subject)[1],
            "message_id": envelope.message_id,
            "message": subject_template(subject)[:LONGEST_SUBJECT],
        }
        return person_of(envelope), {**fields, **self._fields}

    def known(self, name: str, envelope: Envelope) -> None:
        """Say these, which somebody has read."""
        self._fields["message"], self.envelope = name, envelope


def in_hand(message: Msg, consumer: str) -> Handling:
    """Have all lines of the block say what its headers say of a message, as far as they do."""
    return Handling(_Arrived(message, {"consumer": consumer}), message.data)


class _Asked(Handling):
    __slots__ = ()

    def __exit__(self, *ended: object) -> None:
        name_span()
        super().__exit__(*ended)


def asked(question: Msg, app: str) -> Handling:
    """Have all lines of the block say which question of whom is answered, and its span, too."""
    said = {"app": app, "query": question.subject, "message": ""}
    return _Asked(_Arrived(question, said), question.data)


def known(message: Message, envelope: Envelope) -> None:
    """Say from now on, in the same block, what was learned by reading the message itself."""
    name, arrived = type(message).__name__, unread()
    if isinstance(arrived, _Arrived):
        arrived.known(name, envelope)
        return
    bind(message=name)
    person = person_of(envelope)
    if person and "person" not in said_by_all():
        name_person(person)


def person_of(envelope: Envelope) -> int | None:
    """Return whom a message is about: who acts, else whose private chat it is."""
    if envelope.actor:
        return envelope.actor.person
    # A private chat has its person's id; those of groups are negative.
    return envelope.chat if envelope.chat and envelope.chat > 0 else None


def say_handled(body: bytes, attempt: int, began: float, outcome: str) -> None:
    """Write the one line of a handling that began then, by the performance counter."""
    if not are_written(logging.INFO):
        return
    log.info(
        "message.handled",
        attempt=attempt,
        duration=seconds_since(began),
        outcome=outcome,
        **content_of(body),
    )


def say_answered(question: bytes, began: float, outcome: str) -> None:
    """Write the one line of an answer that was begun then, by the performance counter."""
    if not are_written(logging.INFO):
        return
    log.info(
        "query.answered",
        duration=seconds_since(began),
        outcome=outcome,
        **content_of(question),
    )


def seconds_since(began: float) -> float:
    """Return the seconds since then, by the performance counter, to the microsecond."""
    return round(time.perf_counter() - began, 6)


def name_span() -> None:
    """Have the present span say whom it is about, if it is recorded: asked when it is to end."""
    span = get_current_span()
    if span.is_recording() and (person := said_by_all().get("person")):
        span.set_attribute(PERSON, person)


def _envelope(headers: Mapping[str, str] | None) -> Envelope:
    try:
        return read_envelope(headers)
    except MalformedMessage:
        return Envelope(message_id="")
