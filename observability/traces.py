"""Spans of one service, sent to an OTLP collector where OpenTelemetry's own settings name one."""

import asyncio
import os
import threading

from opentelemetry import trace
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.environment_variables import (
    OTEL_EXPORTER_OTLP_ENDPOINT,
    OTEL_EXPORTER_OTLP_TIMEOUT,
    OTEL_EXPORTER_OTLP_TRACES_ENDPOINT,
    OTEL_EXPORTER_OTLP_TRACES_TIMEOUT,
)
from opentelemetry.sdk.resources import SERVICE_NAME, Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor

EXPORT_SECONDS = 3.0
"""How long one export may take, unless OTEL_EXPORTER_OTLP_TIMEOUT says otherwise."""


def tracer_provider(service: str) -> TracerProvider:
    """Return a provider of its own for a service; several services may share a process.

    Without a collector spans are made all the same, since their ids travel with the messages and
    stand in the logs. Sampling is what OTEL_TRACES_SAMPLER says.
    """
    provider = TracerProvider(
        resource=Resource.create({SERVICE_NAME: service}), shutdown_on_exit=False
    )
    if _collector_is_named():
        provider.add_span_processor(BatchSpanProcessor(_exporter()))
    return provider


def current_trace_id() -> str:
    """Return the trace id of the current span in hexadecimal, empty outside of any."""
    span = trace.get_current_span().get_span_context()
    return trace.format_trace_id(span.trace_id) if span.is_valid else ""


async def shut_down(provider: TracerProvider, within_seconds: float = EXPORT_SECONDS) -> None:
    """Export what is left, but do not wait longer than given for a collector that is away."""
    # A daemon thread: what is still stuck in it after the deadline does not keep the process alive.
    exporting = threading.Thread(target=provider.shutdown, name="last-export", daemon=True)
    exporting.start()
    await asyncio.to_thread(exporting.join, within_seconds)


def _collector_is_named() -> bool:
    if os.environ.get("OTEL_TRACES_EXPORTER") == "none":
        return False
    return any(
        os.environ.get(name)
        for name in (OTEL_EXPORTER_OTLP_ENDPOINT, OTEL_EXPORTER_OTLP_TRACES_ENDPOINT)
    )


def _exporter() -> OTLPSpanExporter:
    chosen = os.environ.get(OTEL_EXPORTER_OTLP_TRACES_TIMEOUT) or os.environ.get(
        OTEL_EXPORTER_OTLP_TIMEOUT
    )
    # The exporter reads its own settings; only its default of 10 s would hold up every exit.
    return OTLPSpanExporter() if chosen else OTLPSpanExporter(timeout=EXPORT_SECONDS)
