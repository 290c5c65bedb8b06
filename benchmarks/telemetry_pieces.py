"""What single pieces of telemetry cost: processor time in µs, without any server.

Run it anywhere:  .venv/bin/python -m benchmarks.telemetry_pieces
"""

import asyncio
import os
import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass

import click
import structlog
from opentelemetry.sdk.trace.export import BatchSpanProcessor
from opentelemetry.trace import NoOpTracer, Tracer
from prometheus_client import CollectorRegistry

from benchmarks.peers.observed import ToNobody
from bus import Actor, Envelope
from bus.delivery import CallNext, Delivery, chain
from bus.meters import Meters, unread_meters
from bus.middleware.concurrency import at_most
from bus.middleware.deadline import deadline
from bus.middleware.heartbeat import heartbeat
from bus.middleware.lines import lines
from bus.middleware.metrics import metrics
from bus.middleware.tracing import tracing
from bus.spans import Arrival, processing, sending
from bus.trace_context import inject
from contracts.base import subject_of
from contracts.documents import AddType
from observability.calls import Calls
from observability.discretion import speak_of_people
from observability.handling import handling
from observability.logs import configure_logs
from observability.traces import tracer_provider
from tests.bus.handlers import add_type
from tests.services.storage.delivering import delivered

SERVER = ("127.0.0.1", 4222)
SUBJECT = subject_of(AddType)
CAUSE = Envelope("documents-68498018-0e2e1c19-1", actor=Actor(100123, "documents"), chat=100123)
ARRIVAL = Arrival(SUBJECT, CAUSE.message_id, "COMMANDS", "storage-documents", 77, 1)
ROUNDS, TIMES = 7, 2000
SHARES = {"recorded": "1", "not sampled": "0", "none": ""}
log = structlog.get_logger()


@dataclass(frozen=True)
class Pieces:
    """Telemetry of one kind: all recorded, none sampled, or no tracer, no lines and no meters."""

    tracer: Tracer
    meters: Meters

    def publish(self) -> None:
        """Publish a message, as far as telemetry goes."""
        headers = {"Message-Id": CAUSE.message_id}
        with sending(self.tracer, SUBJECT, headers, SERVER):
            inject(headers)

    def process(self) -> None:
        """Handle a message that carries a span."""
        with processing(self.tracer, ARRIVAL, self.headers()):
            pass

    def line(self) -> None:
        """Say a line of a message in hand."""
        with handling(100123, b"{}", app="documents", message_id=CAUSE.message_id):
            log.info("message.handled", attempt=1, duration=0.0123, outcome="handled")

    def timed(self) -> None:
        """Time a call."""
        with self.meters.publishing(SUBJECT):
            pass

    def chained(self) -> CallNext:
        """Return the middlewares that need no server, around a handler that does nothing."""
        around = [tracing(self.tracer), lines, metrics(self.meters), heartbeat]

        async def nothing(_: Delivery) -> None: ...

        return chain([*around, at_most(8), deadline(15.0)], nothing)

    def headers(self) -> dict[str, str]:
        """Return what a message carries whose trace is recorded like this one's."""
        flag = "01" if os.environ["OTEL_TRACES_SAMPLER_ARG"] == "1" else "00"
        traced = not isinstance(self.tracer, NoOpTracer)
        return {"traceparent": f"00-{7:032x}-{8:016x}-{flag}"} if traced else {}


def pieces(kind: str) -> Pieces:
    """Set telemetry of this kind up; lines are written to nowhere."""
    os.environ["OTEL_TRACES_SAMPLER"] = "parentbased_traceidratio"
    os.environ["OTEL_TRACES_SAMPLER_ARG"] = SHARES[kind] or "1"
    silent = kind == "none"
    nowhere = open(os.devnull, "w")  # noqa: SIM115 # for as long as the process writes lines
    configure_logs("WARNING" if silent else "INFO", "json", nowhere, service="benchmark")
    if silent:
        return Pieces(NoOpTracer(), unread_meters())
    provider = tracer_provider("benchmark")
    provider.add_span_processor(BatchSpanProcessor(ToNobody()))
    tracer, registry = provider.get_tracer("benchmark"), CollectorRegistry()
    return Pieces(tracer, Meters(registry, Calls(registry, tracer)))


def cost(does: Callable[[], None], times: int = TIMES) -> float:
    """Return µs of processor time, the median of some rounds after one that warms up."""
    spent = []
    for _ in range(ROUNDS + 1):
        began = time.process_time()
        for _ in range(times):
            does()
        spent.append((time.process_time() - began) / times * 1e6)
    return statistics.median(spent[1:])


def cost_of_chain(measured: Pieces) -> float:
    """Return the same of a message that passes all middlewares."""
    call = measured.chained()
    delivery = delivered(add_type, AddType(name="x"), "c-1")
    delivery.headers = measured.headers()

    async def pass_all() -> None:
        for _ in range(TIMES):
            await call(delivery)

    loop = asyncio.new_event_loop()
    found = cost(lambda: loop.run_until_complete(pass_all()), 1) / TIMES
    loop.close()
    return found


@click.command()
def main() -> None:
    """Print a column for each kind of telemetry."""
    speak_of_people("a key that people are hashed with")
    table: dict[str, dict[str, float]] = {}
    for kind in SHARES:
        measured = pieces(kind)
        found = table[kind] = {}
        for name in ("publish", "process", "line", "timed"):
            found[name] = cost(getattr(measured, name))
        found["all middlewares"] = cost_of_chain(measured)
    click.echo(f"{'µs':18}" + "".join(f"{kind:>14}" for kind in table))
    for name in table["none"]:
        click.echo(f"{name:18}" + "".join(f"{found[name]:14.2f}" for found in table.values()))


if __name__ == "__main__":
    main()
