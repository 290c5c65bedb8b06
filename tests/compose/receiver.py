"""Stands in for the collector inside of the installation: keeps what services export, and tells."""

import gzip
from collections import Counter

from aiohttp import web
from opentelemetry.proto.collector.logs.v1.logs_service_pb2 import ExportLogsServiceRequest
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest

BYTES_AT_ONCE = 32 * 1024 * 1024
_RECEIVED = web.AppKey("received", Counter[str])
_RAW = web.AppKey("raw", bytearray)


async def _take_spans(request: web.Request) -> web.Response:
    exported = ExportTraceServiceRequest.FromString(await _body(request))
    for resource in exported.resource_spans:
        service = {pair.key: pair.value.string_value for pair in resource.resource.attributes}
        for scope in resource.scope_spans:
            name = service.get("service.name", "?")
            request.app[_RECEIVED][f"spans of {name}"] += len(scope.spans)
    return web.Response()


async def _take_logs(request: web.Request) -> web.Response:
    exported = ExportLogsServiceRequest.FromString(await _body(request))
    for resource in exported.resource_logs:
        service = {pair.key: pair.value.string_value for pair in resource.resource.attributes}
        for scope in resource.scope_logs:
            name = service.get("service.name", "?")
            request.app[_RECEIVED][f"lines of {name}"] += len(scope.log_records)
    return web.Response()


async def _body(request: web.Request) -> bytes:
    body = await request.read()
    if body[:2] == b"\x1f\x8b":  # aiohttp unpacks it where the header says so
        body = gzip.decompress(body)
    request.app[_RAW].extend(body)
    return body


async def _tell(request: web.Request) -> web.Response:
    return web.json_response(request.app[_RECEIVED])


async def _tell_raw(request: web.Request) -> web.Response:
    return web.Response(body=bytes(request.app[_RAW]))


def application() -> web.Application:
    """Return the server of the two addresses of OTLP over HTTP, and of two that tell."""
    made = web.Application(client_max_size=BYTES_AT_ONCE)
    made[_RECEIVED], made[_RAW] = Counter(), bytearray()
    made.router.add_post("/v1/traces", _take_spans)
    made.router.add_post("/v1/logs", _take_logs)
    made.router.add_get("/received", _tell)
    made.router.add_get("/raw", _tell_raw)
    return made


if __name__ == "__main__":
    web.run_app(application(), port=4318, print=None, access_log=None)
