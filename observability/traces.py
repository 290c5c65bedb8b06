"""Spans of one service, sent to an OTLP collector where OpenTelemetry's own settings name one."""

from opentelemetry import trace
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.resources import SERVICE_NAME, Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor

from observability.collector import collector_is_named, export_timeout, is_disabled
from observability.span_masking import MaskedSpans
from observability.unrecorded import UnrecordedSpans


def tracer_provider(service: str) -> TracerProvider:
    """Return a provider of its own for a service; several services may share a process.

    Without a collector spans are made all the same, since their ids travel with the messages and
    stand in the logs; so do their ids alone with OTEL_SDK_DISABLED. Sampling is what
    OTEL_TRACES_SAMPLER says, the delay of exports what OTEL_BSP_SCHEDULE_DELAY says.
    """
    spans = UnrecordedSpans if is_disabled() else TracerProvider
    provider = spans(resource=Resource.create({SERVICE_NAME: service}), shutdown_on_exit=False)
    if collector_is_named("TRACES"):
        exporter = OTLPSpanExporter(timeout=export_timeout("TRACES"))
        provider.add_span_processor(BatchSpanProcessor(MaskedSpans(exporter)))
    return provider


def current_trace_id() -> str:
    """Return the trace id of the current span in hexadecimal, empty outside of any."""
    span = trace.get_current_span().get_span_context()
    return trace.format_trace_id(span.trace_id) if span.is_valid else ""
