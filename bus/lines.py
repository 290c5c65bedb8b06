"""Log lines of a message in hand: all say whose it is, and one how its handling ended."""

import logging
import time
from collections.abc import Mapping

from nats.aio.msg import Msg
from opentelemetry.trace import get_current_span

from bus.destinations import request_of, subject_template
from bus.envelope import Envelope, read_envelope
from bus.errors import MalformedMessage
from contracts.base import Message
from observability.discretion import content_of
from observability.handling import Handling, Said, bind, name_person, said_by_all, unread
from observability.levels import are_written, inform

PERSON = "switchboard.person"
"""The attribute of a span that says whom it is about, as the lines in it do."""


LONGEST_SUBJECT = 200
"""Characters; anybody may have written it."""


class _Arrived(Handling):
    """What lines say of a message: of its headers, until they were read, as far as they do."""

    __slots__ = ("envelope", "message")

    def __init__(self, message: Msg) -> None:
        super().__init__(message.data)
        self.message = message
        self.envelope: Envelope | None = None
        """The message's, once somebody has read it."""

    def read_envelope(self) -> Envelope:
        """Read the headers, unless somebody has."""
        return self.envelope or _envelope(self.message.headers)


class _InHand(_Arrived):
    __slots__ = ("_consumer", "name")

    def __init__(self, message: Msg, consumer: str) -> None:
        super().__init__(message)
        self._consumer = consumer
        self.name = ""

    def read(self) -> Said:
        """Return who acts, and what message it is."""
        envelope, subject = self.read_envelope(), self.message.subject
        return person_of(envelope), {
            "app": request_of(subject)[1],
            "message_id": envelope.message_id,
            "message": self.name or subject_template(subject)[:LONGEST_SUBJECT],
            "consumer": self._consumer,
        }


class Question(_Arrived):
    """Has all lines of a block say which question of whom is answered."""

    __slots__ = ("_app",)

    def __init__(self, message: Msg, app: str) -> None:
        super().__init__(message)
        self._app = app

    def read(self) -> Said:
        """Return who asks, and what."""
        envelope = self.read_envelope()
        said = {"app": self._app, "message_id": envelope.message_id, "query": self.message.subject}
        return person_of(envelope), said


def in_hand(message: Msg, consumer: str) -> Handling:
    """Have all lines of the block say what its headers say of a message, as far as they do."""
    return _InHand(message, consumer)


def known(message: Message, envelope: Envelope) -> None:
    """Say from now on, in the same block, what was learned by reading the message itself."""
    name, present = type(message).__name__, unread()
    if isinstance(present, _InHand):
        present.name, present.envelope = name, envelope
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
    inform(
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
    inform(
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
    if span.is_recording():
        span.set_attributes(whom())


def whom() -> dict[str, str]:
    """Return the attribute that says whom a span is about, if that is known."""
    person = said_by_all().get("person")
    return {PERSON: person} if person else {}


def _envelope(headers: Mapping[str, str] | None) -> Envelope:
    try:
        return read_envelope(headers)
    except MalformedMessage:
        return Envelope(message_id="")
