"""A press that is not sampled, and in which something fails, is seen from there on."""

import io
import json

import pytest
from opentelemetry.proto.trace.v1.trace_pb2 import Span
from opentelemetry.trace import SpanKind, Status, StatusCode, Tracer
from prometheus_client import CollectorRegistry

from bus import CommandFailed
from bus.middleware import retry
from bus.spans import Arrival, processing
from contracts.documents import AddType, TypeAdded
from observability.calls import Calls, unread_calls
from observability.collector import shut_down
from observability.lean_spans import KEPT
from observability.traces import tracer_provider
from tests.bus.bench import Bench, caused_by
from tests.bus.conftest import bench, nats_server
from tests.bus.handlers import add_type
from tests.bus.waiting import eventually, running
from tests.observability.collector import Collector, texts

__all__ = ["bench", "nats_server"]

UNSAMPLED = f"00-{7:032x}-{8:016x}-00"
"""What a message says that came from a press that is not sampled."""
UPDATE = Arrival("update.documents.1001", "documents-7", "UPDATES", "bot-documents-0", 1, 1)


@pytest.fixture(autouse=True)
def _share(monkeypatch: pytest.MonkeyPatch, collector: Collector) -> None:
    """Export to a collector, and of what succeeds nothing; bugs are tried again at once."""
    monkeypatch.setenv("OTEL_EXPORTER_OTLP_ENDPOINT", collector.url)
    monkeypatch.setenv("OTEL_TRACES_SAMPLER", "parentbased_traceidratio")
    monkeypatch.setenv("OTEL_TRACES_SAMPLER_ARG", "0")
    monkeypatch.setattr(retry, "ATTEMPT_DELAYS", (0.0,))


def spans(collector: Collector) -> dict[str, Span]:
    """Return what was exported, by name."""
    return {
        span.name: span
        for resource in collector.exported()
        for scope in resource.scope_spans
        for span in scope.spans
    }


async def test_from_an_error_on_its_trace_is_recorded(
    bench: Bench, collector: Collector, written: io.StringIO
) -> None:
    async def add_type(command: AddType) -> TypeAdded:
        raise KeyError(command.name)

    provider = tracer_provider("both")
    bench.tracer = provider.get_tracer("tests")
    bot, _ = await bench.bot(caused_by("failing"))
    async with running((await bench.worker(add_type)).run):
        pressed = processing(bench.tracer, UPDATE, {"traceparent": UNSAMPLED})
        with pressed, pytest.raises(CommandFailed) as failed:
            await bot.execute(AddType(name="x"))
        await eventually(lambda: bench.is_empty("COMMANDS"))
    await shut_down(provider, within_seconds=30)

    assert str(failed.value) == f"{7:032x}"
    kept = spans(collector)
    asked = next(name for name in kept if name.startswith("request outcome."))
    handled = kept["process command.documents.add_type"]
    # The publishing of the command was over when something failed.
    assert kept.keys() == {
        "process command.documents.add_type",
        "publish dead.command.documents.add_type",
        asked,
        "process update.documents.{chat}",
    }
    check_what_is_kept(kept, handled, kept[asked])
    (dead,) = await bench.stored("DEAD")
    assert (dead.headers or {})["traceparent"].endswith("-01")
    lines = [json.loads(line) for line in written.getvalue().splitlines()]
    ids = {line["span_id"] for line in lines if line["event"] == "handler.failed"}
    assert ids == {handled.span_id.hex()}


def check_what_is_kept(kept: dict[str, Span], handled: Span, asked: Span) -> None:
    """Check that spans are of one trace, below each other, and say what they always say."""
    assert {span.trace_id.hex() for span in kept.values()} == {f"{7:032x}"}
    assert asked.parent_span_id == handled.span_id
    assert kept["process update.documents.{chat}"].parent_span_id.hex() == f"{8:016x}"
    assert handled.status.code == handled.status.STATUS_CODE_ERROR
    assert len(handled.events) == 2
    assert (
        texts(list(handled.attributes)).items()
        >= {
            KEPT: "error",
            "messaging.destination.name": "command.documents.add_type",
            "messaging.message.id": "failing-1",
            "messaging.nats.stream": "COMMANDS",
            "error.type": "KeyError",
        }.items()
    )


async def test_what_is_delivered_again_is_recorded(bench: Bench, collector: Collector) -> None:
    provider = tracer_provider("storage")
    bench.tracer = provider.get_tracer("tests")
    await bench.send(AddType(name="a"), "c-a")
    jetstream = (await bench.link("storage")).jetstream
    first = await jetstream.pull_subscribe_bind("storage-documents", "COMMANDS")
    (message,) = await first.fetch(1, timeout=60)
    await message.nak()
    async with running((await bench.worker(add_type)).run):
        await eventually(lambda: bench.is_empty("COMMANDS"))
    await shut_down(provider, within_seconds=30)
    kept = spans(collector)
    assert texts(list(kept["process command.documents.add_type"].attributes))[KEPT] == "redelivery"
    assert "publish event.documents.type_added" in kept


async def nested(tracer: Tracer, calls: Calls) -> None:
    """Fail deep inside, and go on as if nothing had been."""
    with tracer.start_as_current_span("outer", kind=SpanKind.SERVER, attributes={"a": 1}) as outer:
        with tracer.start_as_current_span("before"):
            pass
        with tracer.start_as_current_span("inner"):
            with pytest.raises(OSError, match="away"), calls.traced("redis", "pipeline"):
                raise OSError("away")
            with calls.traced("redis", "after"):
                pass
        with tracer.start_as_current_span("later") as later:
            later.set_attribute("b", 2)
        outer.set_status(Status(StatusCode.OK))


async def test_what_is_around_an_error_is_recorded_from_its_beginning(collector: Collector) -> None:
    provider = tracer_provider("bot")
    tracer = provider.get_tracer("tests")
    await nested(tracer, Calls(CollectorRegistry(), tracer))
    await shut_down(provider, within_seconds=30)
    kept = spans(collector)
    assert kept.keys() == {"outer", "inner", "redis pipeline", "redis after", "later"}
    outer, inner, call = kept["outer"], kept["inner"], kept["redis pipeline"]
    assert outer.start_time_unix_nano <= inner.start_time_unix_nano <= call.start_time_unix_nano
    assert (outer.parent_span_id, inner.parent_span_id) == (b"", outer.span_id)
    assert call.parent_span_id == inner.span_id
    assert call.status.code == call.status.STATUS_CODE_ERROR
    marked = {name for name, span in kept.items() if KEPT in {each.key for each in span.attributes}}
    assert marked == {"outer", "inner", "redis pipeline"}
    assert {each.key for each in outer.attributes} == {"a", KEPT}


@pytest.mark.parametrize(
    "settings", [{"OTEL_TRACES_SAMPLER": "always_off"}, {"OTEL_SDK_DISABLED": "true"}]
)
async def test_who_wants_no_spans_gets_none_of_errors_either(
    collector: Collector, monkeypatch: pytest.MonkeyPatch, settings: dict[str, str]
) -> None:
    for name, value in settings.items():
        monkeypatch.setenv(name, value)
    provider = tracer_provider("bot")
    await nested(provider.get_tracer("tests"), unread_calls())
    await shut_down(provider, within_seconds=30)
    assert spans(collector) == {}
