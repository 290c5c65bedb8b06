"""Spans on their way to a real OTLP/HTTP endpoint, and an exit that does not wait for one."""

import asyncio
import logging
import socket
import time
from collections.abc import AsyncIterator
from dataclasses import dataclass

import pytest
import pytest_asyncio
from aiohttp import web
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import (
    ExportTraceServiceRequest,
    ExportTraceServiceResponse,
)

from observability.traces import shut_down, tracer_provider

ENDPOINT = "OTEL_EXPORTER_OTLP_ENDPOINT"


@dataclass(frozen=True)
class Collector:
    """An OTLP/HTTP endpoint that remembers what it was sent."""

    url: str
    received: asyncio.Queue[ExportTraceServiceRequest]


@pytest_asyncio.fixture
async def collector() -> AsyncIterator[Collector]:
    """A collector on a free port."""
    received: asyncio.Queue[ExportTraceServiceRequest] = asyncio.Queue()

    async def take(request: web.Request) -> web.Response:
        received.put_nowait(ExportTraceServiceRequest.FromString(await request.read()))
        body = ExportTraceServiceResponse().SerializeToString()
        return web.Response(body=body, content_type="application/x-protobuf")

    application = web.Application()
    application.router.add_post("/v1/traces", take)
    runner = web.AppRunner(application)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    yield Collector(f"http://127.0.0.1:{runner.addresses[0][1]}", received)
    await runner.cleanup()


async def test_services_of_one_process_export_under_their_own_names(
    collector: Collector, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(ENDPOINT, collector.url)
    names = set()
    for service in ("bot", "storage"):
        provider = tracer_provider(service)
        with provider.get_tracer("tests").start_as_current_span("press"):
            pass
        await shut_down(provider)
        (resource,) = collector.received.get_nowait().resource_spans
        names |= {
            attribute.value.string_value
            for attribute in resource.resource.attributes
            if attribute.key == "service.name"
        }
        assert resource.scope_spans[0].spans[0].name == "press"
    assert names == {"bot", "storage"}


async def test_an_exit_does_not_wait_for_a_collector_that_is_away(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen()  # takes connections and never answers
        monkeypatch.setenv(ENDPOINT, f"http://127.0.0.1:{silent.getsockname()[1]}")
        provider = tracer_provider("bot")
        with provider.get_tracer("tests").start_as_current_span("press"):
            pass
        began = time.monotonic()
        await shut_down(provider, within_seconds=0.5)
        assert time.monotonic() - began < 2
    assert all(record.levelno >= logging.WARNING for record in caplog.records)


@pytest.mark.parametrize("environment", [{}, {ENDPOINT: "http://localhost", "none": ""}])
async def test_spans_have_ids_without_a_collector(
    monkeypatch: pytest.MonkeyPatch, environment: dict[str, str]
) -> None:
    monkeypatch.delenv(ENDPOINT, raising=False)
    if environment:
        monkeypatch.setenv(ENDPOINT, environment[ENDPOINT])
        monkeypatch.setenv("OTEL_TRACES_EXPORTER", "none")
    provider = tracer_provider("bot")
    with provider.get_tracer("tests").start_as_current_span("press") as span:
        assert span.get_span_context().is_valid
    began = time.monotonic()
    await shut_down(provider)
    assert time.monotonic() - began < 1


async def test_sampling_follows_opentelemetrys_setting(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OTEL_TRACES_SAMPLER", "always_off")
    with tracer_provider("bot").get_tracer("tests").start_as_current_span("press") as span:
        assert not span.get_span_context().trace_flags.sampled
