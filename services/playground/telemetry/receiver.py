"""OTLP over HTTP: /v1/traces and /v1/logs, as any exporter finds them.

Nothing is logged and no span is made here: the playground exports its own logs, and would tell
itself of every telling.
"""

from http import HTTPStatus

from aiohttp import web
from aiohttp.http_exceptions import ContentEncodingError
from google.rpc.status_pb2 import (  # type: ignore[import-untyped] # published without types
    Status,
)
from opentelemetry.proto.collector.logs.v1.logs_service_pb2 import ExportLogsServiceResponse
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceResponse

from services.playground.bot_api import STATE
from services.playground.telemetry.decoding import Malformed, read_log_lines, read_spans

PROTOBUF = "application/x-protobuf"
BODY_LIMIT = 8 * 1024 * 1024
"""Bytes, unpacked; an exporter's batch is far smaller."""


class _Refused(Exception):
    def __init__(self, status: HTTPStatus, why: str) -> None:
        super().__init__(why)
        self.status = status


async def take_spans(request: web.Request) -> web.Response:
    """Keep the spans of a batch."""
    try:
        spans = read_spans(await _body(request))
    except (_Refused, Malformed) as error:
        return _refusal(error)
    request.app[STATE].telemetry.receive(spans=spans)
    return _accepted(ExportTraceServiceResponse().SerializeToString())


async def take_logs(request: web.Request) -> web.Response:
    """Keep the log lines of a batch."""
    try:
        lines = read_log_lines(await _body(request))
    except (_Refused, Malformed) as error:
        return _refusal(error)
    request.app[STATE].telemetry.receive(lines=lines)
    return _accepted(ExportLogsServiceResponse().SerializeToString())


async def _body(request: web.Request) -> bytes:
    """The whole body; aiohttp has unpacked it where it says Content-Encoding: gzip."""
    if request.content_type != PROTOBUF:
        raise _Refused(HTTPStatus.UNSUPPORTED_MEDIA_TYPE, f"only {PROTOBUF} is understood")
    body = bytearray()
    try:
        async for chunk in request.content.iter_any():
            body += chunk
            if len(body) > BODY_LIMIT:
                raise _Refused(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, f"more than {BODY_LIMIT} bytes")
    except (ContentEncodingError, web.RequestPayloadError) as error:
        raise Malformed(f"the body cannot be unpacked: {type(error).__name__}") from None
    return bytes(body)


def _accepted(body: bytes) -> web.Response:
    return web.Response(body=body, content_type=PROTOBUF)


def _refusal(error: _Refused | Malformed) -> web.Response:
    status = error.status if isinstance(error, _Refused) else HTTPStatus.BAD_REQUEST
    body = Status(message=str(error)).SerializeToString()
    return web.Response(body=body, status=status, content_type=PROTOBUF)


def add_routes(router: web.UrlDispatcher) -> None:
    """Where exporters send to, below OTEL_EXPORTER_OTLP_ENDPOINT."""
    router.add_post("/v1/traces", take_spans)
    router.add_post("/v1/logs", take_logs)
