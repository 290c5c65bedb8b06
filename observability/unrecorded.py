"""Spans that nobody records, for OTEL_SDK_DISABLED: their ids still join lines, codes, messages."""

from collections.abc import Sequence
from typing import Any

from opentelemetry.context import Context
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.trace import (
    Link,
    NonRecordingSpan,
    Span,
    SpanContext,
    SpanKind,
    TraceFlags,
    Tracer,
    get_current_span,
    use_span,
)
from opentelemetry.util.types import Attributes


class UnrecordedSpans(TracerProvider):
    """In the place of a disabled SDK's provider, whose spans would have no ids.

    A person who meets an error is told the id of its trace, and the operator looks for that id in
    log lines and dead letters: all of these are there without any span.
    """

    def get_tracer(self, *_given: Any, **_more: Any) -> Tracer:
        """Return a tracer whose spans have ids and nothing else."""
        return _IdsAlone(self)


class _IdsAlone(Tracer):
    def __init__(self, provider: TracerProvider) -> None:
        self._ids = provider.id_generator

    def start_span(
        self,
        name: str,
        context: Context | None = None,
        kind: SpanKind = SpanKind.INTERNAL,
        attributes: Attributes = None,
        links: Sequence[Link] | None = None,
        *_given: Any,
        **_more: Any,
    ) -> Span:
        parent = get_current_span(context).get_span_context()
        trace_id = parent.trace_id if parent.is_valid else self._ids.generate_trace_id()
        return NonRecordingSpan(
            SpanContext(
                trace_id,
                self._ids.generate_span_id(),
                is_remote=False,
                trace_flags=TraceFlags(TraceFlags.DEFAULT),
                trace_state=parent.trace_state,
            )
        )

    def start_as_current_span(
        self, name: str, context: Context | None = None, *_given: Any, **_more: Any
    ) -> Any:  # what OpenTelemetry returns has no public name
        return use_span(self.start_span(name, context))
