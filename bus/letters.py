"""A dead letter: what it was, why it died, and where it would go if it were sent again."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import unquote

from opentelemetry.trace import SpanContext, format_trace_id

from bus.envelope import ACTOR, MESSAGE_ID
from bus.trace_context import span_of

KINDS = ("update", "command", "event", "late", "notice")
"""What streams keep, and so what can be sent again."""
OTHER = "other"
PREFIX = "dead."
REASON, ATTEMPTS, PLACE = "Dead-Reason", "Dead-Attempts", "Dead-At"
TRUNCATED = "Dead-Truncated"
"""Bytes that the body had before it was cut to fit: what is left of it is no message any more."""
ORIGINAL_SUBJECT = "Dead-Subject"
"""The whole subject, where it could not be kept as it was."""
_PLACE_OF_APP = {"update": -2, "notice": 2}
_DIGITS_AT_MOST = 10


@dataclass(frozen=True, slots=True)
class Letter:
    """What DEAD holds of a message, besides its body."""

    seq: int
    """Its number in DEAD."""
    at: datetime
    """When it was buried."""
    subject: str
    """Of the message in the stream from which it was delivered."""
    headers: Mapping[str, str]
    """The message's own and those that say why it is dead, as they are on the wire."""
    size: int
    """Bytes of the body."""

    @property
    def kind(self) -> str:
        """One of KINDS, or OTHER."""
        return kind_of(self.subject)

    @property
    def app(self) -> str:
        """The app it was meant for; empty when its subject names none."""
        return app_of(self.subject)

    @property
    def reason(self) -> str:
        """The error, as its type and text."""
        return self._header(REASON)

    @property
    def attempts(self) -> int:
        """How often it was delivered; 0 when that is not said."""
        return _number(self._header(ATTEMPTS)) or 0

    @property
    def place(self) -> str:
        """File and line at which its handling failed; empty when it was never handled."""
        return self._header(PLACE)

    @property
    def truncated(self) -> int | None:
        """How many bytes the body had before it was cut; None when it is whole."""
        return _number(self._header(TRUNCATED))

    @property
    def subject_changed(self) -> bool:
        """Whether its subject is not the one it had."""
        return bool(self._header(ORIGINAL_SUBJECT))

    @property
    def message_id(self) -> str:
        """The id by which receivers know it."""
        return self._header(MESSAGE_ID)

    @property
    def actor(self) -> str:
        """Who caused it: person@app."""
        return self._header(ACTOR)

    @property
    def span(self) -> SpanContext:
        """The span in which it was buried; invalid when it came without a trace."""
        return span_of(self.headers)

    @property
    def trace_id(self) -> str:
        """The code that people are told; empty when it came without a trace."""
        span = self.span
        return format_trace_id(span.trace_id) if span.is_valid else ""

    def _header(self, wanted: str) -> str:
        for name, value in self.headers.items():
            if name.lower() == wanted.lower():
                return unquote(value)
        return ""


def kind_of(subject: str) -> str:
    """Return the kind of message that a subject carries, or OTHER."""
    kind = subject.partition(".")[0]
    return kind if kind in KINDS else OTHER


def app_of(subject: str) -> str:
    """Return the app that a subject names, or an empty text."""
    tokens = subject.split(".")
    if tokens[0] not in KINDS or len(tokens) < 3:
        return ""
    return tokens[_PLACE_OF_APP.get(tokens[0], 1)]


def sent_to(subject: str) -> str:
    """Return the subject by which a message comes into its stream.

    UPDATES keeps updates under another one: their partition stands behind `update`.
    """
    tokens = subject.split(".")
    if tokens[0] == "update" and len(tokens) == 4:
        del tokens[1]
    return ".".join(tokens)


def _number(text: str) -> int | None:
    fits = text.isascii() and text.isdigit() and len(text) <= _DIGITS_AT_MOST
    return int(text) if fits else None
