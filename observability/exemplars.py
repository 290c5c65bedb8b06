"""The trace that a measured value is of, so that a graph leads to the spans of its outliers."""

from opentelemetry import trace


def exemplar() -> dict[str, str] | None:
    """Return the current span's trace id, None outside of any and where it is not exported."""
    span = trace.get_current_span().get_span_context()
    if not (span.is_valid and span.trace_flags.sampled):
        return None
    return {"trace_id": trace.format_trace_id(span.trace_id)}
