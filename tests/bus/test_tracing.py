"""One press is one trace: from what was published over its handling to what that published."""

import pytest
from opentelemetry.sdk.trace import ReadableSpan
from opentelemetry.trace import SpanKind, StatusCode

from bus.middleware import retry
from contracts.documents import AddType, TypeAdded
from tests.bus.bench import CAUSE, Bench
from tests.bus.handlers import add_type
from tests.bus.waiting import eventually, running


def span(bench: Bench, name: str) -> ReadableSpan:
    (found,) = [s for s in bench.spans.get_finished_spans() if s.name == name]
    return found


def is_child(child: ReadableSpan, parent: ReadableSpan) -> bool:
    assert child.parent is not None
    assert parent.context is not None
    return (child.parent.span_id, child.parent.trace_id) == (
        parent.context.span_id,
        parent.context.trace_id,
    )


async def test_a_trace_flows_through_the_bus(bench: Bench) -> None:
    bot, _ = await bench.bot(CAUSE.caused("traced"))
    worker = await bench.worker(add_type)
    async with running(worker.run):
        await bot.execute(AddType(name="x"))
        await eventually(lambda: bench.is_empty("COMMANDS"))

    sent = span(bench, "publish command.documents.add_type")
    handled = span(bench, "process command.documents.add_type")
    said = span(bench, "publish event.documents.type_added")
    assert is_child(handled, sent)
    assert is_child(said, handled)
    assert (sent.kind, handled.kind) == (SpanKind.PRODUCER, SpanKind.CONSUMER)
    assert handled.attributes is not None
    assert handled.attributes["messaging.message.id"] == "traced-1"
    assert handled.attributes["messaging.consumer.group.name"] == "storage-documents"
    (event,) = await bench.stored("EVENTS")
    assert event.headers is not None
    assert said.context is not None
    assert event.headers["traceparent"].split("-")[1] == f"{said.context.trace_id:032x}"


async def test_a_dead_letter_keeps_the_trace(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(retry, "ATTEMPT_DELAYS", ())

    async def add_type(command: AddType) -> TypeAdded:
        raise KeyError(command.name)

    bot, _ = await bench.bot(CAUSE.caused("traced-dead"))
    worker = await bench.worker(add_type)
    async with running(worker.run):
        await bot.send(AddType(name="x"))
        await eventually(lambda: bench.count("DEAD"))
        await eventually(lambda: bench.is_empty("COMMANDS"))

    sent = span(bench, "publish command.documents.add_type")
    handled = span(bench, "process command.documents.add_type")
    assert is_child(handled, sent)
    (dead,) = await bench.stored("DEAD")
    assert dead.headers is not None
    assert sent.context is not None
    assert dead.headers["traceparent"].split("-")[1] == f"{sent.context.trace_id:032x}"
    assert handled.status.status_code is StatusCode.ERROR


async def test_names_of_spans_hold_no_ids(bench: Bench) -> None:
    gateway = await bench.publisher("gateway")
    await gateway.publish("update.documents.1001", b"{}", {})
    notifier = await bench.publisher("notifier")
    await notifier.publish("notice.answer.documents.1001", b"{}", {})
    await notifier.publish("dead.notice.answer.documents.1001", b"{}", {})

    assert [s.name for s in bench.spans.get_finished_spans()] == [
        "publish update.documents.{chat}",
        "publish notice.answer.documents.{chat}",
        "publish dead.notice.answer.documents.{chat}",
    ]
