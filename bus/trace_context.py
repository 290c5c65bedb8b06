"""The trace in a message's headers, as W3C writes it."""

from collections.abc import Mapping

from opentelemetry.context import Context
from opentelemetry.propagate import extract, inject
from opentelemetry.trace import SpanContext, get_current_span

from bus.envelope import lower_case

TRACEPARENT = "traceparent"


def context_of(headers: Mapping[str, str]) -> Context:
    """Return the context that a message carries, whatever the case of its headers' names."""
    return extract(headers if TRACEPARENT in headers else lower_case(headers))


def span_of(headers: Mapping[str, str]) -> SpanContext:
    """Return the span that a message carries, an invalid one where it carries none."""
    return get_current_span(context_of(headers)).get_span_context()


def current_traceparent() -> str | None:
    """Return what the header of a message would say now; None outside of any span."""
    carrier: dict[str, str] = {}
    inject(carrier)
    return carrier.get(TRACEPARENT)
