"""All services in this process, each stopped and started by name, told to a collector."""

import asyncio
import io
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from functools import partial

import aiohttp
import pytest
from opentelemetry.proto.logs.v1.logs_pb2 import LogRecord

from observability.handling import bind
from observability.log_export import export_logs_by
from observability.logs import configure_logs
from services.bot.updates import UpdateHandling
from services.life import Life
from services.run import SERVICES, load
from services.settings import read_settings
from switchboard.installation import provision_bus
from tests.chat import Chat
from tests.observability.collector import Collector
from tests.observability.trees import Span, Traces, drawn, is_whole
from tests.process_state import process_as_before
from tests.quick_chats import hold_up_no_chat

READY_WITHIN, STOP_WITHIN = 120.0, 30.0
SEEN_WITHIN, CHECK_EVERY = 60.0, 0.05
HANDLING_SECONDS = 25.0
"""For an update: on a busy machine nothing is late that is not to be."""


@dataclass
class Stage:
    """What runs, and what it has said."""

    http: aiohttp.ClientSession
    collector: Collector
    traces: Traces
    records: list[LogRecord] = field(default_factory=list)
    _running: dict[str, tuple[Life, "asyncio.Task[None]"]] = field(default_factory=dict)

    async def start(self, name: str) -> None:
        """Start a service and wait until it works."""
        life = Life.begin(name)
        self._running[name] = life, asyncio.create_task(self._live(life))
        async with asyncio.timeout(READY_WITHIN):
            await life.ready.wait()

    async def stop(self, name: str) -> None:
        """Stop a service once it has finished what it has in hand."""
        life, task = self._running.pop(name)
        life.stopping.set()
        async with asyncio.timeout(STOP_WITHIN):
            await task

    async def stop_all(self) -> None:
        """Stop what is left, the others' Telegram last."""
        for name in sorted(self._running, key=lambda name: name == "playground"):
            await self.stop(name)

    async def newcomer(self) -> Chat:
        """Make the acquaintance of somebody new."""
        person = {"first_name": "Somebody", "language_code": "en"}
        async with self.http.post("/sim/people", json=person) as response:
            assert response.status == 201, await response.text()
            return Chat(self.http, "documents", (await response.json())["id"])

    async def drawn(self, person: Chat, holding: str, tree: str) -> list[Span]:
        """Wait until a person's newest trace with such a span looks as it should; return it."""
        seen: list[Span] = []
        with suppress(TimeoutError):
            async with asyncio.timeout(SEEN_WITHIN):
                while drawn(seen) != tree.strip("\n"):
                    await asyncio.sleep(CHECK_EVERY)
                    seen = self.traces.of(person.person_id, holding)
        assert drawn(seen) == tree.strip("\n")
        assert is_whole(seen)
        return seen

    def lines(self, trace: str) -> list[LogRecord]:
        """Return the exported log lines of a trace so far."""
        for records in self.collector.records().values():
            self.records += records
        return [record for record in self.records if record.trace_id.hex() == trace]

    async def _live(self, life: Life) -> None:
        settings, service = load(life.service)
        bind(service=life.service)
        export_logs_by(life.logs)
        try:
            await service(read_settings(settings), life)
        finally:
            await life.end()


@asynccontextmanager
async def stage(settings: Mapping[str, str], collector: Collector) -> AsyncIterator[Stage]:
    """Start every service under the settings, which are this process's meanwhile."""
    telling = {
        "OTEL_EXPORTER_OTLP_ENDPOINT": collector.url,
        "OTEL_BSP_SCHEDULE_DELAY": "50",
        "OTEL_BLRP_SCHEDULE_DELAY": "50",
    }
    with pytest.MonkeyPatch.context() as process, process_as_before():
        configure_logs("INFO", "json", io.StringIO())  # read by nobody
        for name, value in {**settings, **telling}.items():
            process.setenv(name, value)
        patient = partial(UpdateHandling, budget=HANDLING_SECONDS)
        process.setattr("services.bot.service.UpdateHandling", patient)
        hold_up_no_chat(process)
        await provision_bus()
        async with aiohttp.ClientSession(settings["TELEGRAM_API_URL"]) as http:
            running = Stage(http, collector, Traces(collector))
            try:
                for name in ("playground", *(each for each in SERVICES if each != "playground")):
                    await running.start(name)
                yield running
            finally:
                await running.stop_all()
