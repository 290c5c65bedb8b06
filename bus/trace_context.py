"""The trace in a message's headers, as W3C writes it."""

import re
from collections.abc import Mapping, MutableMapping

from opentelemetry.context import Context
from opentelemetry.propagate import extract
from opentelemetry.trace import (
    NonRecordingSpan,
    SpanContext,
    get_current_span,
    set_span_in_context,
)

from bus.envelope import lower_case
from observability.lean_spans import LeanSpan, Origin

TRACEPARENT = "traceparent"
TRACESTATE = "tracestate"
_PLAIN = re.compile(r"00-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})")


def origin_of(headers: Mapping[str, str]) -> Origin | None:
    """Return the span that a message carries, if it says it as everybody does."""
    plain = _PLAIN.fullmatch(headers.get(TRACEPARENT, ""))
    if plain is None or TRACESTATE in headers:
        return None
    trace_id, span_id, flags = plain.groups()
    origin = Origin(int(trace_id, 16), int(span_id, 16), int(flags, 16))
    return origin if origin.trace_id and origin.span_id else None


def context_of(headers: Mapping[str, str]) -> Context:
    """Return the context that a message carries, whatever the case of its headers' names."""
    if origin := origin_of(headers):
        return set_span_in_context(NonRecordingSpan(origin.context(None)), Context())
    if any(len(name) == len(TRACEPARENT) and name.lower() == TRACEPARENT for name in headers):
        return extract(headers if TRACEPARENT in headers else lower_case(headers))
    return Context()


def span_of(headers: Mapping[str, str]) -> SpanContext:
    """Return the span that a message carries, an invalid one where it carries none."""
    return get_current_span(context_of(headers)).get_span_context()


def inject(headers: MutableMapping[str, str]) -> None:
    """Have a message carry the current span, if there is one."""
    span = get_current_span()
    if isinstance(span, LeanSpan):
        headers[TRACEPARENT], state = span.traceparent, span.trace_state
    else:
        here = span.get_span_context()
        if not here.is_valid:
            return
        ids = f"{here.trace_id:032x}-{here.span_id:016x}"
        headers[TRACEPARENT], state = f"00-{ids}-{here.trace_flags:02x}", here.trace_state
    if state:
        headers[TRACESTATE] = state.to_header()


def current_traceparent() -> str | None:
    """Return what the header of a message would say now; None outside of any span."""
    carrier: dict[str, str] = {}
    inject(carrier)
    return carrier.get(TRACEPARENT)
