"""The roles of this project: storage as it is deployed, and the bot's way to execute commands."""

import asyncio
import os
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path

from opentelemetry.trace import NoOpTracer
from pydantic import SecretStr

from benchmarks.commands.documents import Adding, prepared
from benchmarks.commands.place import COLLECTOR
from benchmarks.harness.child import Given
from benchmarks.installation import running
from bus import Actor, Envelope, NotInTime
from bus.caller import Bus, Wire
from bus.connection import connect
from bus.outcomes import outcomes
from bus.publisher import Publisher
from contracts.documents import DocumentAdded
from services.life import Life
from switchboard.keys import seed_variable

APP = "documents"
PAUSE = 1.0
"""Seconds before an outcome is asked for again that did not come in time."""
TELEMETRY = "telemetry"
"""The option that has all spans and lines sent, instead of none."""


@asynccontextmanager
async def storing(given: Given) -> AsyncIterator[None]:
    """Run storage in a process of its own."""
    settings = {**given.settings, **_telemetry(given), "LOG_FORMAT": "json"}
    with tempfile.TemporaryDirectory(prefix="switchboard-storage-") as directory:
        async with running(["storage"], settings, Path(directory)):
            yield


@asynccontextmanager
async def adding(given: Given) -> AsyncIterator[Adding]:
    """Add documents as the bot does."""
    os.environ.update(_telemetry(given))
    life = Life.begin("bot") if given.options.get(TELEMETRY) else None
    tracer = life.tracer if life else NoOpTracer()
    seed = SecretStr(given.settings[seed_variable("bot")])
    async with (
        prepared(given.settings["DATABASE_URL"]) as (documents, connection),
        connect(given.settings["NATS_URL"], "bot", seed) as link,
        outcomes(link) as waiting,
    ):
        if life:
            link.meters = life.meters
        wire = Wire(Publisher(link, tracer), waiting)

        async def call() -> None:
            new = documents.next()
            cause = Envelope(
                message_id=new.message_id, actor=Actor(new.person, APP), chat=new.person
            )
            while True:
                # The same command again, under its id, is how an outcome is asked for again.
                with suppress(NotInTime):
                    outcome = await Bus(wire, cause).execute(new.command, new.message_id)
                    break
                await asyncio.sleep(PAUSE)
            assert isinstance(outcome, DocumentAdded), outcome

        yield Adding(call, documents, connection)
    if life:
        await life.end()


def _telemetry(given: Given) -> dict[str, str]:
    if given.options.get(TELEMETRY):
        return {
            "OTEL_EXPORTER_OTLP_ENDPOINT": f"{given.settings[COLLECTOR]}/ours",
            "OTEL_BSP_SCHEDULE_DELAY": "1000",
            "OTEL_BLRP_SCHEDULE_DELAY": "1000",
        }
    return {"OTEL_SDK_DISABLED": "true", "LOG_LEVEL": "WARNING"}
