"""An OTLP/HTTP endpoint that remembers what it was sent, told apart from our own receiver."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from aiohttp import web
from opentelemetry.proto.collector.logs.v1.logs_service_pb2 import ExportLogsServiceRequest
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from opentelemetry.proto.common.v1.common_pb2 import KeyValue
from opentelemetry.proto.logs.v1.logs_pb2 import LogRecord
from opentelemetry.proto.trace.v1.trace_pb2 import ResourceSpans


@dataclass
class Collector:
    """What came in, oldest first."""

    url: str = ""
    spans: asyncio.Queue[ExportTraceServiceRequest] = field(default_factory=asyncio.Queue)
    logs: asyncio.Queue[ExportLogsServiceRequest] = field(default_factory=asyncio.Queue)

    def exported(self) -> Iterator[ResourceSpans]:
        """Take the spans that have come so far, service by service."""
        while not self.spans.empty():
            yield from self.spans.get_nowait().resource_spans

    def records(self) -> dict[str, list[LogRecord]]:
        """Take the log records that have come so far, by service."""
        found: dict[str, list[LogRecord]] = {}
        while not self.logs.empty():
            for resource in self.logs.get_nowait().resource_logs:
                service = texts(resource.resource.attributes)["service.name"]
                for scope in resource.scope_logs:
                    found.setdefault(service, []).extend(scope.log_records)
        return found


def texts(attributes: list[KeyValue]) -> dict[str, str]:
    """Return the attributes that are texts."""
    return {pair.key: pair.value.string_value for pair in attributes}


@asynccontextmanager
async def listening() -> AsyncIterator[Collector]:
    """Listen on a free port."""
    collector = Collector()

    async def take_spans(request: web.Request) -> web.Response:
        collector.spans.put_nowait(ExportTraceServiceRequest.FromString(await request.read()))
        return web.Response()

    async def take_logs(request: web.Request) -> web.Response:
        collector.logs.put_nowait(ExportLogsServiceRequest.FromString(await request.read()))
        return web.Response()

    application = web.Application()
    application.router.add_post("/v1/traces", take_spans)
    application.router.add_post("/v1/logs", take_logs)
    runner = web.AppRunner(application)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    collector.url = f"http://127.0.0.1:{runner.addresses[0][1]}"
    try:
        yield collector
    finally:
        await runner.cleanup()
