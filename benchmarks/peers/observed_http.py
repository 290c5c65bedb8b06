"""FastAPI and aiohttp that tell as much of themselves as a service does: spans, metrics, lines."""

import sys
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import aiohttp
import msgspec
import structlog
from opentelemetry.propagate import extract, inject
from opentelemetry.sdk.metrics import MeterProvider
from opentelemetry.sdk.metrics.export import InMemoryMetricReader
from opentelemetry.trace import SpanKind, Tracer, get_current_span
from prometheus_client import CollectorRegistry, Histogram

from benchmarks.harness.child import Given
from benchmarks.harness.load import Call
from benchmarks.messages import NOTE, QUESTION, Answer
from benchmarks.peers.http import JSON, PATH, address, fastapi_app, served
from benchmarks.peers.observed import tracer_provider_of

ATTRIBUTES = {
    "http.request.method": "POST",
    "http.route": PATH,
    "url.scheme": "http",
    "server.address": "127.0.0.1",
}
Scope = dict[str, Any]


def _tracer(given: Given) -> Tracer:
    return tracer_provider_of(given.options["sampled"]).get_tracer("http")


def _seconds(name: str) -> Histogram:
    labels = ("method", "route", "status")
    return Histogram(name, "Seconds of a request", labels, registry=CollectorRegistry())


def _configure_lines() -> None:
    """Write JSON by msgspec, the fastest way that structlog's manual has."""
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.JSONRenderer(serializer=_line),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(20),
        logger_factory=structlog.BytesLoggerFactory(sys.stderr.buffer),
        cache_logger_on_first_use=True,
    )


def _line(event: object, **_more: object) -> bytes:
    return msgspec.json.encode(event)


class Observed:
    """An ASGI middleware without the ado of a framework's: a span and a histogram."""

    def __init__(self, app: Any, tracer: Tracer) -> None:
        self._app = app
        self._tracer = tracer
        self._timed = _seconds("http_server_request_duration_seconds")

    async def __call__(self, scope: Scope, receive: Any, send: Any) -> None:
        """Handle one request."""
        began = time.perf_counter()
        carried = {name.decode(): value.decode() for name, value in scope["headers"]}
        name, noted = f"POST {PATH}", Noted(send)
        with self._tracer.start_as_current_span(
            name, extract(carried), SpanKind.SERVER, ATTRIBUTES
        ) as span:
            await self._app(scope, receive, noted)
            span.set_attribute("http.response.status_code", noted.status)
            self._timed.labels("POST", PATH, noted.status).observe(time.perf_counter() - began)


class Lines:
    """An ASGI middleware that writes a line for each answer, in the trace of its span."""

    def __init__(self, app: Any) -> None:
        self._app = app
        self._log = structlog.get_logger()

    async def __call__(self, scope: Scope, receive: Any, send: Any) -> None:
        """Handle one request."""
        began, noted = time.perf_counter(), Noted(send)
        await self._app(scope, receive, noted)
        context = get_current_span().get_span_context()
        self._log.info(
            "request.answered",
            route=PATH,
            status=noted.status,
            duration=round(time.perf_counter() - began, 6),
            trace_id=f"{context.trace_id:032x}",
            span_id=f"{context.span_id:016x}",
        )


class Noted:
    """Sends an answer, and notes its status."""

    def __init__(self, send: Any) -> None:
        self._send = send
        self.status = 0

    async def __call__(self, message: Scope) -> None:
        """Send a part of it."""
        self.status = message.get("status", self.status)
        await self._send(message)


@asynccontextmanager
async def fastapi(given: Given) -> AsyncIterator[None]:
    """Serve with FastAPI, instrumented by OpenTelemetry's own package.

    Without spans of parts of requests, which tell nothing of such small ones.
    """
    from opentelemetry.instrumentation.fastapi import FastAPIInstrumentor

    _configure_lines()
    app = fastapi_app()
    app.add_middleware(Lines)
    FastAPIInstrumentor.instrument_app(
        app,
        tracer_provider=tracer_provider_of(given.options["sampled"]),
        meter_provider=MeterProvider([InMemoryMetricReader()]),
        exclude_spans=["receive", "send"],
    )
    async with served(app, given):
        yield


@asynccontextmanager
async def fastapi_by_hand(given: Given) -> AsyncIterator[None]:
    """Serve with FastAPI, observed by as little as does it."""
    _configure_lines()
    async with served(Observed(Lines(fastapi_app()), _tracer(given)), given):
        yield


@asynccontextmanager
async def asking(given: Given) -> AsyncIterator[Call]:
    """Ask with aiohttp, in a span, timed."""
    decoder, encoder = msgspec.json.Decoder(Answer), msgspec.json.Encoder()
    tracer, timed = _tracer(given), _seconds("http_client_request_duration_seconds")
    url, connector = address(given), aiohttp.TCPConnector(limit=0)
    async with aiohttp.ClientSession(connector=connector) as http:

        async def call() -> None:
            began = time.perf_counter()
            with tracer.start_as_current_span(
                f"POST {PATH}", kind=SpanKind.CLIENT, attributes=ATTRIBUTES
            ) as span:
                headers = dict(JSON)
                inject(headers)
                async with http.post(url, data=encoder.encode(QUESTION), headers=headers) as reply:
                    span.set_attribute("http.response.status_code", reply.status)
                    assert decoder.decode(await reply.read()).note == NOTE
            timed.labels("POST", PATH, 200).observe(time.perf_counter() - began)

        yield call
