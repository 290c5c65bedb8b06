"""What a service of a benchmark tells of itself: nothing, or all that services tell."""

import os
import sys

from opentelemetry.sdk.trace.export import BatchSpanProcessor
from opentelemetry.trace import NoOpTracer, Tracer
from prometheus_client import CollectorRegistry

from benchmarks.harness.child import Given
from benchmarks.peers.observed import ToNobody
from bus.meters import Meters, unread_meters
from observability.calls import Calls
from observability.logs import configure_logs
from observability.span_masking import MaskedSpans
from observability.traces import tracer_provider


def telling(given: Given, service: str) -> tuple[Tracer, Meters]:
    """Return what a service's telemetry is made with.

    With the option `sampled`, a share of traces, it is as services have it, with a line for each
    message and an exporter that sends nothing; else there are no spans, and lines of trouble only.
    """
    if "sampled" not in given.options:
        configure_logs("WARNING", "json", sys.stderr)
        return NoOpTracer(), unread_meters()
    configure_logs("INFO", "json", sys.stderr, service=service)
    os.environ["OTEL_TRACES_SAMPLER"] = "parentbased_traceidratio"
    os.environ["OTEL_TRACES_SAMPLER_ARG"] = str(given.options["sampled"])
    provider = tracer_provider(service)
    provider.add_span_processor(BatchSpanProcessor(MaskedSpans(ToNobody())))
    tracer = provider.get_tracer(f"switchboard.{service}")
    registry = CollectorRegistry()
    return tracer, Meters(registry, Calls(registry, tracer))
