"""A collector that is away costs a line a minute and some spans: no flood, no wait at the end."""

import asyncio
import io
import json
import logging
import socket
import time
from collections import Counter
from collections.abc import Iterator

import pytest
import structlog

from observability.log_export import export_logs_by
from services.life import Life

MANY = 5000
"""More lines than wait for a collector: what is too much is dropped."""
log = structlog.get_logger()


@pytest.fixture(params=["refuses", "hangs"])
def dead(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A collector that nobody runs, or one that takes connections and never answers."""
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        if request.param == "hangs":
            listening.listen()
        address = f"http://127.0.0.1:{listening.getsockname()[1]}"
        monkeypatch.setenv("OTEL_EXPORTER_OTLP_ENDPOINT", address)
        # Exporters would wait and try again for far longer than a stop may take.
        monkeypatch.setenv("OTEL_EXPORTER_OTLP_TIMEOUT", "120")
        monkeypatch.setenv("OTEL_BLRP_SCHEDULE_DELAY", "10")
        monkeypatch.setenv("OTEL_BSP_SCHEDULE_DELAY", "10")
        yield


@pytest.mark.usefixtures("dead")
async def test_it_costs_few_lines_and_no_time_at_the_end(written: io.StringIO) -> None:
    life = Life.begin("bot")
    export_logs_by(life.logs)
    for number in range(MANY):
        with life.tracer.start_as_current_span("press"):
            log.info("press.handled", number=number)
        if not number % 500:
            await asyncio.sleep(0.01)  # the exporters try meanwhile
    for _ in range(MANY):
        logging.getLogger("opentelemetry.exporter.otlp").error("Failed to export: %s", "x" * 99)
    began = time.monotonic()
    await life.end()
    assert time.monotonic() - began < 60
    said = Counter(json.loads(line)["event"] for line in written.getvalue().splitlines())
    assert said.pop("press.handled") == MANY
    assert said.pop("telemetry.collector_away") == 1
    assert said.total() <= 4
    assert said.keys() <= {"library.said"}  # that lines and spans are dropped
