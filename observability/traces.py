"""Spans of one service, sent to an OTLP collector where OpenTelemetry's own settings name one."""

import os
from typing import Any

from opentelemetry import trace
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.resources import SERVICE_NAME, Resource
from opentelemetry.sdk.trace import SpanProcessor, TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor
from opentelemetry.sdk.util.instrumentation import InstrumentationScope
from opentelemetry.trace import Tracer
from opentelemetry.util.types import Attributes

from observability.collector import collector_is_named, export_timeout, is_disabled
from observability.lean_spans import LeanSpan
from observability.lean_tracer import LeanTracer
from observability.span_masking import MaskedSpans

NO_SPANS = frozenset({"always_off", "parentbased_always_off"})
"""Samplers of who wants none at all, also not of what fails."""


class LeanSpans(TracerProvider):
    """OpenTelemetry's provider, with tracers of our own.

    Also in the place of a disabled SDK's, whose spans would have no ids: a person who meets an
    error is told the id of its trace, and the operator looks for that in lines and dead letters.
    """

    def __init__(self, **settings: Any) -> None:
        super().__init__(shutdown_on_exit=False, **settings)
        self._processors: list[SpanProcessor] = []

    def add_span_processor(self, span_processor: SpanProcessor) -> None:
        """Have a processor told of recorded spans."""
        super().add_span_processor(span_processor)
        self._processors.append(span_processor)

    def get_tracer(
        self,
        instrumenting_module_name: str,
        instrumenting_library_version: str | None = None,
        schema_url: str | None = None,
        attributes: Attributes = None,
    ) -> Tracer:
        """Return a tracer that makes lean spans, as OTEL_TRACES_SAMPLER says."""
        scope = InstrumentationScope(
            instrumenting_module_name, instrumenting_library_version, schema_url, attributes
        )
        sampler = None if is_disabled() else self.sampler
        keeps = bool(sampler) and os.environ.get("OTEL_TRACES_SAMPLER", "").strip() not in NO_SPANS
        return LeanTracer(sampler, self._processors, self.resource, scope, keeps=keeps)


def tracer_provider(service: str) -> TracerProvider:
    """Return a provider of its own for a service; several services may share a process.

    Without a collector spans have their ids alone, since these travel with the messages and stand
    in the logs; so they have with OTEL_SDK_DISABLED. Sampling is what OTEL_TRACES_SAMPLER says,
    besides what fails; the delay of exports is what OTEL_BSP_SCHEDULE_DELAY says.
    """
    provider = LeanSpans(resource=Resource.create({SERVICE_NAME: service}))
    if collector_is_named("TRACES"):
        exporter = OTLPSpanExporter(timeout=export_timeout("TRACES"))
        provider.add_span_processor(BatchSpanProcessor(MaskedSpans(exporter)))
    return provider


def current_trace_id() -> str:
    """Return the trace id of the current span in hexadecimal, empty outside of any."""
    span = trace.get_current_span()
    if isinstance(span, LeanSpan):
        return span.ids[0]
    where = span.get_span_context()
    return trace.format_trace_id(where.trace_id) if where.is_valid else ""
