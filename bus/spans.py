"""The spans of messaging, as OpenTelemetry's conventions name them (observability/conventions.py).

- `publish <template>`, PRODUCER: until a stream has the message, which carries this span.
- `process <template>`, CONSUMER: from delivery to the end of handling, each delivery one of its
  own. It is the child of the span in the message, so that a press is one trace; what is not
  caused by one press (a replay, what a clock finds due, a broadcast) begins a trace of its own
  that is linked to its cause.
- `request <template>`, CLIENT, and `process <template>`, SERVER: a question and its answer.

There are none for receiving and settling: a pull asks for whatever comes, and waits for it, and an
acknowledgement is not waited for. Names are bounded: a subject that no contract knows
is `other`.
"""

from collections.abc import Iterable, Mapping
from contextlib import AbstractContextManager
from functools import lru_cache
from typing import NamedTuple

from opentelemetry.context import Context
from opentelemetry.trace import Link as SpanLink
from opentelemetry.trace import (
    NoOpTracer,
    Span,
    SpanContext,
    SpanKind,
    Tracer,
    get_current_span,
)

from bus.address import UNKNOWN_SERVER, Server
from bus.destinations import destination_of
from bus.envelope import MESSAGE_ID
from bus.lines import whom
from bus.open_spans import NO_SPAN, OfMessage, failed, record
from bus.trace_context import TRACEPARENT, context_of, origin_of, span_of
from observability import conventions as names
from observability.lean_spans import LeanSpan
from observability.lean_tracer import CurrentSpan, LeanTracer

SYSTEM = "nats"
ATTEMPT = "switchboard.attempt"
"""Which attempt of one delivery an event is about."""
_TYPES = {"publish": "send", "request": "send", "process": "process"}
_NAMES_REMEMBERED = 2048


class Arrival(NamedTuple):
    """Where a message came from."""

    subject: str
    message_id: str
    stream: str
    consumer: str
    sequence: int
    deliveries: int
    """How often the stream has delivered it, this time included."""


def sending(
    tracer: Tracer, subject: str, headers: Mapping[str, str], server: Server
) -> AbstractContextManager[Span]:
    """Open the span of publishing a message with these headers to a stream."""
    return _sending(tracer, "publish", subject, headers, server)


def requesting(
    tracer: Tracer, subject: str, headers: Mapping[str, str], server: Server
) -> AbstractContextManager[Span]:
    """Open the span of asking something and waiting for the answer."""
    return _sending(tracer, "request", subject, headers, server)


def processing(
    tracer: Tracer, arrival: Arrival, headers: Mapping[str, str]
) -> AbstractContextManager[Span]:
    """Open the span of handling a delivered message, a child of the one in its headers."""
    if _makes_none(tracer, headers):
        return NO_SPAN
    name, attributes = _fixed("process", destination_of(arrival.subject), UNKNOWN_SERVER)
    span = _arrived(tracer, name, SpanKind.CONSUMER, attributes, headers)
    if arrival.deliveries > 1 and isinstance(span, LeanSpan):
        span.keep("redelivery")
    return OfMessage(
        span,
        lambda: {
            names.MESSAGING_DESTINATION_NAME: arrival.subject,
            names.MESSAGING_CONSUMER_GROUP_NAME: arrival.consumer,
            names.MESSAGING_MESSAGE_ID: arrival.message_id,
            names.NATS_STREAM: arrival.stream,
            names.NATS_SEQUENCE: arrival.sequence,
            names.NATS_NUM_DELIVERED: arrival.deliveries,
        },
    )


def answering(
    tracer: Tracer, subject: str, headers: Mapping[str, str], server: Server
) -> AbstractContextManager[Span]:
    """Open the span of answering a question, a child of the asker's; a root where it has none."""
    if _makes_none(tracer, headers):
        return NO_SPAN
    name, attributes = _fixed("process", destination_of(subject), server)
    span = _arrived(tracer, name, SpanKind.SERVER, attributes, headers)
    return OfMessage(span, lambda: {**_addressed(subject, headers), **whom()})


def beginning(
    tracer: Tracer, verb: str, subject: str, origin: SpanContext | str | None
) -> AbstractContextManager[Span]:
    """Open a trace of its own for what a message is sent by: `<verb> <template>`.

    It is linked to its origin, a span or a traceparent, which may be long over, or have many such.
    """
    template = destination_of(subject)
    if isinstance(origin, str):
        origin = span_of({TRACEPARENT: origin})
    span = tracer.start_span(
        f"{verb} {template}",
        context=Context(),
        kind=SpanKind.INTERNAL,
        links=[SpanLink(origin)] if origin and origin.is_valid else [],
        attributes={
            names.MESSAGING_SYSTEM: SYSTEM,
            names.MESSAGING_DESTINATION_TEMPLATE: template,
        },
    )
    return CurrentSpan(span)


def beginning_here(tracer: Tracer, verb: str, subject: str) -> AbstractContextManager[Span]:
    """Open a trace of its own that is linked to the current span."""
    return beginning(tracer, verb, subject, get_current_span().get_span_context())


def link_current_span(traceparents: Iterable[str | None]) -> None:
    """Link what is being handled to other traces that it builds on, once, however often tried."""
    span = get_current_span()
    if span.is_recording():
        linked = {link.context.span_id for link in getattr(span, "links", ())}
        for traceparent in filter(None, traceparents):
            origin = span_of({TRACEPARENT: traceparent})
            if origin.is_valid and origin.span_id not in linked:
                linked.add(origin.span_id)
                span.add_link(origin)


def attempt_failed(error: BaseException, attempt: int) -> None:
    """Note in the current span that an attempt failed, after which there is another."""
    record(get_current_span(), error, {ATTEMPT: attempt})


def taken(span: Span, stream: str, sequence: int) -> None:
    """Note where a stream keeps what was published."""
    if span.is_recording():
        span.set_attributes({names.NATS_STREAM: stream, names.NATS_SEQUENCE: sequence})


def died(span: Span, error: BaseException) -> None:
    """Note that what a span handled ended as a dead letter."""
    record(span, error, {})
    failed(span, type(error).__qualname__, "dead letter")


def _sending(
    tracer: Tracer, verb: str, subject: str, headers: Mapping[str, str], server: Server
) -> AbstractContextManager[Span]:
    if isinstance(tracer, NoOpTracer):
        return NO_SPAN
    name, attributes = _fixed(verb, destination_of(subject), server)
    kind = SpanKind.PRODUCER if verb == "publish" else SpanKind.CLIENT
    span = tracer.start_span(name, kind=kind, attributes=attributes)
    return OfMessage(span, lambda: _addressed(subject, headers))


def _arrived(
    tracer: Tracer,
    name: str,
    kind: SpanKind,
    attributes: Mapping[str, str | int],
    headers: Mapping[str, str],
) -> Span:
    """Begin the span of what came with these headers, in the one that they carry."""
    if isinstance(tracer, LeanTracer) and (origin := origin_of(headers)):
        return tracer.start_within(origin, name, kind, attributes)
    return tracer.start_span(name, context_of(headers), kind, attributes)


def _makes_none(tracer: Tracer, headers: Mapping[str, str]) -> bool:
    # One that makes no spans passes on those that messages carry.
    return isinstance(tracer, NoOpTracer) and TRACEPARENT not in headers


def _addressed(subject: str, headers: Mapping[str, str]) -> dict[str, str]:
    found = {names.MESSAGING_DESTINATION_NAME: subject}
    if message_id := headers.get(MESSAGE_ID):
        found[names.MESSAGING_MESSAGE_ID] = message_id
    return found


@lru_cache(maxsize=_NAMES_REMEMBERED)
def _fixed(verb: str, template: str, server: Server) -> tuple[str, dict[str, str | int]]:
    """Return a span's name, and the attributes that all spans of that name have."""
    attributes: dict[str, str | int] = {
        names.MESSAGING_SYSTEM: SYSTEM,
        names.MESSAGING_OPERATION_NAME: verb,
        names.MESSAGING_OPERATION_TYPE: _TYPES[verb],
        names.MESSAGING_DESTINATION_TEMPLATE: template,
    }
    host, port = server
    if host:
        attributes[names.SERVER_ADDRESS] = host
    if port:
        attributes[names.SERVER_PORT] = port
    return f"{verb} {template}", attributes
