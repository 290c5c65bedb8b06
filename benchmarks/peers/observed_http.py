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
from opentelemetry.trace import SpanKind, Tracer
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
    """An ASGI middleware without the ado of a framework's: a span, a histogram, a line."""

    def __init__(self, app: Any, tracer: Tracer) -> None:
        self._app = app
        self._tracer = tracer
        self._timed = _seconds("http_server_request_duration_seconds")
        self._log = structlog.get_logger()

    async def __call__(self, scope: Scope, receive: Any, send: Any) -> None:
        """Handle one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        began, status = time.perf_counter(), 0

        async def noting(message: Scope) -> None:
            nonlocal status
            status = message.get("status", status)
            await send(message)

        carried = {name.decode(): value.decode() for name, value in scope["headers"]}
        name = f"POST {PATH}"
        with self._tracer.start_as_current_span(
            name, extract(carried), SpanKind.SERVER, ATTRIBUTES
        ) as span:
            await self._app(scope, receive, noting)
            span.set_attribute("http.response.status_code", status)
            seconds = time.perf_counter() - began
            self._timed.labels("POST", PATH, status).observe(seconds)
            context = span.get_span_context()
            self._log.info(
                "request.answered",
                route=PATH,
                status=status,
                duration=round(seconds, 6),
                trace_id=f"{context.trace_id:032x}",
                span_id=f"{context.span_id:016x}",
            )


@asynccontextmanager
async def fastapi(given: Given) -> AsyncIterator[None]:
    """Serve with FastAPI."""
    _configure_lines()
    async with served(Observed(fastapi_app(), _tracer(given)), given):
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
