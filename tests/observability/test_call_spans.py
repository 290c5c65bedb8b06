"""Calls that are traced are children of what is handled; outside of a trace they are timed only."""

from collections.abc import AsyncIterator

import pytest
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from opentelemetry.trace import SpanKind, StatusCode, Tracer, get_current_span
from prometheus_client import CollectorRegistry

from observability.calls import Calls

SECRET = "what the store was asked for"


@pytest.fixture
def exporter() -> InMemorySpanExporter:
    return InMemorySpanExporter()


@pytest.fixture
def tracer(exporter: InMemorySpanExporter) -> Tracer:
    provider = TracerProvider()
    provider.add_span_processor(SimpleSpanProcessor(exporter))
    return provider.get_tracer("tests")


async def test_a_generator_may_yield_within_a_call(
    exporter: InMemorySpanExporter, tracer: Tracer
) -> None:
    calls = Calls(CollectorRegistry(), tracer)

    async def chunks() -> AsyncIterator[bytes]:
        with calls.traced("object_storage", "stream"):
            yield b"1"
            yield b"2"

    with tracer.start_as_current_span("process") as handling:
        async for _ in chunks():
            assert get_current_span() is handling
    stream, _ = exporter.get_finished_spans()
    assert (stream.name, stream.kind) == ("object_storage stream", SpanKind.CLIENT)
    assert stream.parent == handling.get_span_context()
    assert stream.status.status_code is StatusCode.UNSET


def test_a_failed_call_is_named_by_its_error_and_tells_no_more(
    exporter: InMemorySpanExporter, tracer: Tracer
) -> None:
    calls = Calls(CollectorRegistry(), tracer)
    with (
        tracer.start_as_current_span("process"),
        pytest.raises(KeyError),
        calls.traced("redis", "evalsha"),
    ):
        raise KeyError(SECRET)
    (failed, *_) = exporter.get_finished_spans()
    assert failed.status.status_code is StatusCode.ERROR
    assert (failed.attributes or {})["error.type"] == "KeyError"
    assert SECRET not in failed.to_json()


async def test_only_what_is_traced_within_a_trace_is_a_span(
    exporter: InMemorySpanExporter, tracer: Tracer
) -> None:
    calls = Calls(CollectorRegistry(), tracer)

    @calls.traced("object_storage", "put")
    async def put() -> None:
        """Nothing to do."""

    await put()
    assert exporter.get_finished_spans() == ()
    with tracer.start_as_current_span("process"):
        with calls.timed("redis", "get"):
            pass
        await put()
    assert [span.name for span in exporter.get_finished_spans()] == [
        "object_storage put",
        "process",
    ]
    labels = {"target": "object_storage", "operation": "put", "result": "ok"}
    name = "integration_call_duration_seconds_count"
    assert calls.registry.get_sample_value(name, labels) == 2
