"""A press that is not sampled has its ids all the same: in messages, answers and log lines."""

import io
import json
from dataclasses import dataclass
from itertools import count

import pytest

from bus.publisher import Publisher
from bus.spans import Arrival, processing
from bus.trace_context import current_traceparent
from contracts.documents import AddType
from observability.collector import shut_down
from observability.traces import tracer_provider
from services.gateway.service import Updates
from tests.bus.asking import answering, ask_by_hand, list_types
from tests.bus.bench import Bench, caused_by
from tests.bus.conftest import bench, nats_server
from tests.bus.handlers import add_type
from tests.bus.waiting import eventually, running
from tests.observability.collector import Collector

__all__ = ["bench", "nats_server"]

SAMPLER, ARGUMENT = "OTEL_TRACES_SAMPLER", "OTEL_TRACES_SAMPLER_ARG"
SAMPLED = 1
"""The flag of a traceparent."""
NUMBERS = count(1)
"""Of updates: the stream would drop a second one of the same number."""
PRESS = {
    "telegram receive",
    "publish update.documents.{chat}",
    "publish event.documents.type_added",
}


@dataclass(frozen=True)
class Sampling:
    """OpenTelemetry's settings, and whether a press is exported under them."""

    settings: dict[str, str]
    exports: bool


@pytest.mark.parametrize(
    "sampling",
    [
        Sampling({}, exports=True),
        Sampling({SAMPLER: "always_off"}, exports=False),
        Sampling({SAMPLER: "parentbased_traceidratio", ARGUMENT: "0"}, exports=False),
        Sampling({SAMPLER: "parentbased_traceidratio", ARGUMENT: "1"}, exports=True),
    ],
    ids=lambda sampling: "-".join(sampling.settings.values()) or "default",
)
async def test_ids_are_everywhere_and_spans_only_of_what_is_sampled(
    bench: Bench,
    collector: Collector,
    written: io.StringIO,
    monkeypatch: pytest.MonkeyPatch,
    sampling: Sampling,
) -> None:
    telling = {"OTEL_EXPORTER_OTLP_ENDPOINT": collector.url, **sampling.settings}
    for name, value in telling.items():
        monkeypatch.setenv(name, value)
    provider = tracer_provider("bot")
    bench.tracer = provider.get_tracer("tests")

    traceparents = await press(bench)

    ids = {each.split("-")[1] for each in traceparents}
    assert len(ids) == 1
    assert {bool(int(each.split("-")[3], 16) & SAMPLED) for each in traceparents} == {
        sampling.exports
    }
    lines = [json.loads(line) for line in written.getvalue().splitlines()]
    assert {line["trace_id"] for line in lines if line["event"] == "update.published"} == ids
    await shut_down(provider, within_seconds=30)
    exported = {
        span.name
        for each in collector.exported()
        for scope in each.scope_spans
        for span in scope.spans
    }
    assert exported >= PRESS if sampling.exports else exported == set()


async def press(bench: Bench) -> list[str]:
    """Take an update, execute a command and ask a query; return all traceparents on the way."""
    gateway = Publisher(await bench.link("gateway"), bench.tracer)
    number = next(NUMBERS)
    update = b'{"update_id":%d,"message":{"chat":{"id":1001},"from":{"id":1001}}}' % number
    await Updates(gateway, bench.tracer).publish_update("documents", 1001, number, update)
    (stored,) = await bench.stored("UPDATES")
    headers = stored.headers or {}
    bot, _ = await bench.bot(caused_by(f"sampled-{number}"))
    worker = await bench.worker(add_type)
    arrival = Arrival(str(stored.subject), "documents-7", "UPDATES", "bot-documents-0", 1, 1)
    with processing(bench.tracer, arrival, headers):
        async with running(worker.run):
            await bot.execute(AddType(name="x"))
            await eventually(lambda: bench.is_empty("COMMANDS"))
        async with answering(bench, list_types):
            mine = current_traceparent() or ""
            answer = await ask_by_hand(bench, b"", {"Actor": "1@documents", "traceparent": mine})
    (event,) = await bench.stored("EVENTS")
    answered = answer.headers or {}
    assert answered["Trace-Id"] in answered["traceparent"]
    return [each["traceparent"] for each in (headers, event.headers or {}, answered)]
