"""Log lines of a message in hand: all say whose it is, and one how its handling ended."""

import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

import structlog
from nats.aio.msg import Msg
from opentelemetry.trace import get_current_span
from structlog.contextvars import bind_contextvars, get_contextvars

from bus.destinations import request_of, subject_template
from bus.envelope import Envelope, read_envelope
from bus.errors import MalformedMessage
from contracts.base import Message
from observability.discretion import content_of
from observability.handling import handling, name_person

log = structlog.get_logger()

PERSON = "switchboard.person"
"""The attribute of a span that says whom it is about, as the lines in it do."""


LONGEST_SUBJECT = 200
"""Characters; anybody may have written it."""


@contextmanager
def in_hand(message: Msg, consumer: str) -> Iterator[None]:
    """Have all lines of the block say what its headers say of a message, as far as they do."""
    envelope = _envelope(message.headers)
    _, app = request_of(message.subject)
    with handling(
        person_of(envelope),
        message.data,
        app=app,
        consumer=consumer,
        message_id=envelope.message_id,
        message=subject_template(message.subject)[:LONGEST_SUBJECT],
    ):
        yield


@contextmanager
def asked(question: Msg, app: str) -> Iterator[None]:
    """Have all lines of the block say which question of whom is answered, and its span, too."""
    envelope = _envelope(question.headers)
    with handling(
        person_of(envelope),
        question.data,
        app=app,
        query=question.subject,
        message_id=envelope.message_id,
    ):
        name_span()
        yield


def known(message: Message, envelope: Envelope) -> None:
    """Say from now on, in the same block, what was learned by reading the message itself."""
    bind_contextvars(message=type(message).__name__)
    person = person_of(envelope)
    if person and "person" not in get_contextvars():
        name_person(person)


def person_of(envelope: Envelope) -> int | None:
    """Return whom a message is about: who acts, else whose private chat it is."""
    if envelope.actor:
        return envelope.actor.person
    # A private chat has its person's id; those of groups are negative.
    return envelope.chat if envelope.chat and envelope.chat > 0 else None


def say_handled(body: bytes, attempt: int, began: float, outcome: str) -> None:
    """Write the one line of a handling that began then, by the performance counter."""
    log.info(
        "message.handled",
        attempt=attempt,
        duration=seconds_since(began),
        outcome=outcome,
        **content_of(body),
    )


def say_answered(question: bytes, began: float, outcome: str) -> None:
    """Write the one line of an answer that was begun then, by the performance counter."""
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
    """Have the present span say whom it is about."""
    if person := get_contextvars().get("person"):
        get_current_span().set_attribute(PERSON, person)


def _envelope(headers: Mapping[str, str] | None) -> Envelope:
    try:
        return read_envelope(headers)
    except MalformedMessage:
        return Envelope(message_id="")
