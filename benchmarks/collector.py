"""An OTLP/HTTP receiver in a process of its own, which only keeps what it is sent.

    python -m benchmarks.collector FILE
FILE then holds its address. Each path before `/v1/...` is counted by itself.
"""

import asyncio
import sys
import time
from collections import defaultdict
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from aiohttp import web
from opentelemetry.proto.collector.logs.v1.logs_service_pb2 import ExportLogsServiceRequest
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest

LARGEST = 64 * 1024**2
STARTS_WITHIN = 30.0


class Told:
    """The bytes that came, decoded only when somebody asks how many spans and lines they hold."""

    def __init__(self) -> None:
        self.spans: defaultdict[str, list[bytes]] = defaultdict(list)
        self.lines: defaultdict[str, list[bytes]] = defaultdict(list)

    async def take(self, request: web.Request) -> web.Response:
        """Keep one request."""
        kept = self.spans if request.match_info["signal"] == "traces" else self.lines
        kept[request.match_info["who"]].append(await request.read())
        return web.Response()

    async def count(self, request: web.Request) -> web.Response:
        """Answer with how many spans and lines have come, and forget them."""
        who = request.match_info["who"]
        spans = sum(
            len(scope.spans)
            for body in self.spans.pop(who, [])
            for resource in ExportTraceServiceRequest.FromString(body).resource_spans
            for scope in resource.scope_spans
        )
        lines = sum(
            len(scope.log_records)
            for body in self.lines.pop(who, [])
            for resource in ExportLogsServiceRequest.FromString(body).resource_logs
            for scope in resource.scope_logs
        )
        return web.json_response({"spans": spans, "lines": lines})


async def _serve(place: Path) -> None:
    told = Told()
    application = web.Application(client_max_size=LARGEST)
    application.router.add_post("/{who}/v1/{signal}", told.take)
    application.router.add_get("/{who}", told.count)
    runner = web.AppRunner(application, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    written = place.with_suffix(".new")
    written.write_text(f"http://127.0.0.1:{runner.addresses[0][1]}")
    written.rename(place)
    await asyncio.Event().wait()


@asynccontextmanager
async def collecting(directory: Path) -> AsyncIterator[str]:
    """Run one in a process of its own; yields its address."""
    place = directory / "collector"
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "benchmarks.collector", str(place)
    )
    try:
        yield await asyncio.to_thread(_written, place)
    finally:
        process.kill()
        await process.wait()


def _written(place: Path) -> str:
    deadline = time.monotonic() + STARTS_WITHIN
    while not place.exists() and time.monotonic() < deadline:
        time.sleep(0.1)
    return place.read_text()


if __name__ == "__main__":
    asyncio.run(_serve(Path(sys.argv[1])))
