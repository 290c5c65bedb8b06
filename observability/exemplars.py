"""The trace that a measured value is of, so that a graph leads to the spans of its outliers."""

from opentelemetry import trace

from observability.lean_spans import SAMPLED, LeanSpan


def exemplar() -> dict[str, str] | None:
    """Return the current span's trace id, None outside of any and where it is not exported."""
    span = trace.get_current_span()
    if isinstance(span, LeanSpan):
        return {"trace_id": span.ids[0]} if span.flags & SAMPLED else None
    where = span.get_span_context()
    if not (where.is_valid and where.trace_flags.sampled):
        return None
    return {"trace_id": trace.format_trace_id(where.trace_id)}
