"""One press is one trace: from what was published over its handling to what that published."""

import asyncio

import pytest
from opentelemetry.sdk.trace import ReadableSpan, TracerProvider
from opentelemetry.semconv._incubating.attributes import messaging_attributes
from opentelemetry.semconv.attributes import (
    db_attributes,
    error_attributes,
    exception_attributes,
    server_attributes,
)
from opentelemetry.semconv.schemas import Schemas
from opentelemetry.trace import SpanKind, StatusCode

from bus import consumer
from bus.delivery import chain
from bus.middleware import retry
from bus.middleware.publishing import publishing
from bus.middleware.tracing import tracing
from bus.resolver import Resolver
from bus.spans import Arrival, answering, link_current_span, processing, sending
from contracts.documents import AddType, TypeAdded
from contracts.notices import Notice
from contracts.screens import Screen
from observability import conventions
from observability.conventions import NATS_NUM_DELIVERED
from tests.bus.bench import CAUSE, Bench
from tests.bus.handlers import add_type, type_added
from tests.bus.waiting import eventually, running
from tests.services.storage.delivering import delivered

_CONVENTIONS = (
    db_attributes,
    error_attributes,
    exception_attributes,
    messaging_attributes,
    server_attributes,
)


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
    monkeypatch.setattr(retry, "ATTEMPT_DELAYS", (0.0,))

    async def add_type(command: AddType) -> TypeAdded:
        raise KeyError(command.name)

    bot, _ = await bench.bot(CAUSE.caused("traced-dead"))
    worker = await bench.worker(add_type)
    async with running(worker.run):
        await bot.send(AddType(name="Lease"))
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
    attempted, died = handled.events
    for event in (attempted, died):
        assert event.attributes
        assert event.attributes["exception.message"] == "'***'"
        assert "KeyError: '***'" in str(event.attributes["exception.stacktrace"])


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


async def test_what_many_chats_are_told_is_a_trace_each_linked_to_its_cause(bench: Bench) -> None:
    async def tell_on_type_added(event: TypeAdded, told: tuple[int, ...]) -> list[Notice]:
        return [
            Notice(app="documents", chat_id=chat, screen=Screen(text="x"), key="k") for chat in told
        ]

    publisher = await bench.publisher("storage")
    around = [tracing(bench.tracer), publishing(publisher)]
    for told in ((1001,), (1001, 1002)):
        resolver = Resolver({tuple[int, ...]: told})
        event = delivered(tell_on_type_added, type_added("x"), f"told-{len(told)}")
        await chain(around, resolver.caller())(event)

    spans = bench.spans.get_finished_spans()
    one, both = [each for each in spans if each.name.startswith("process ")]
    own = [each for each in spans if each.name == "broadcast notice.answer.documents.{chat}"]
    assert both.context
    assert [each.parent for each in own] == [None, None]
    assert [link.context.span_id for each in own for link in each.links] == [
        both.context.span_id
    ] * 2
    alone, *shared = [each for each in spans if each.name.startswith("publish notice.answer.")]
    assert is_child(alone, one)
    assert [is_child(sent, trace) for sent, trace in zip(shared, own, strict=True)] == [True, True]


def test_what_a_handling_builds_on_is_linked_once_however_often_it_is_tried() -> None:
    origins = [f"00-{1:032x}-{span:016x}-03" for span in (1, 2)]
    with TracerProvider().get_tracer("tests").start_as_current_span("process") as handled:
        for _ in range(2):
            link_current_span([origins[0], None, *origins])
    assert isinstance(handled, ReadableSpan)
    assert [link.context.span_id for link in handled.links] == [1, 2]


async def test_each_delivery_of_a_message_is_a_span_of_its_trace(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(consumer, "FINISH_WITHIN", 0.0)
    begun, hold = asyncio.Event(), asyncio.Event()

    async def hangs(command: AddType) -> TypeAdded:
        begun.set()
        await hold.wait()
        raise AssertionError("it is told to end before")

    bot, _ = await bench.bot(CAUSE.caused("redelivered"))
    await bot.send(AddType(name="x"))
    hangs.__name__ = "add_type"
    async with running((await bench.worker(hangs)).run):
        await begun.wait()
    async with running((await bench.worker(add_type)).run):
        await eventually(lambda: bench.is_empty("COMMANDS"))

    sent = span(bench, "publish command.documents.add_type")
    handled = [
        each
        for each in bench.spans.get_finished_spans()
        if each.name == "process command.documents.add_type"
    ]
    assert [is_child(each, sent) for each in handled] == [True, True]
    assert [(each.attributes or {})[NATS_NUM_DELIVERED] for each in handled] == [1, 2]


async def test_failed_attempts_are_told_in_the_span(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(retry, "ATTEMPT_DELAYS", (0.0, 0.0))
    attempts = 0

    async def add_type(command: AddType) -> TypeAdded:
        nonlocal attempts
        attempts += 1
        if attempts < 3:
            raise KeyError(command.name)
        return type_added("x")

    bot, _ = await bench.bot(CAUSE.caused("attempts"))
    async with running((await bench.worker(add_type)).run):
        await bot.execute(AddType(name="x"))
    events = span(bench, "process command.documents.add_type").events
    assert [(event.attributes or {})["switchboard.attempt"] for event in events] == [1, 2]
    assert {(event.attributes or {})["exception.type"] for event in events} == {"KeyError"}


@pytest.mark.parametrize(
    "subject",
    [
        "command.documents.no_such",
        "command.nobody.x",
        "event.documents.type_added.more",
        "update.nobody.1",
        "notice.loud.documents.1",
        "dead.command.nobody.x",
        "foreign",
    ],
)
async def test_a_foreign_subject_makes_no_name_of_its_own(bench: Bench, subject: str) -> None:
    with sending(bench.tracer, subject, {}, ("", 0)):
        pass
    with processing(bench.tracer, Arrival(subject, "", "COMMANDS", "c", 1, 1), {}):
        pass
    with answering(bench.tracer, subject, {}, ("", 0)):
        pass
    spans = bench.spans.get_finished_spans()
    assert [each.name for each in spans] == ["publish other", "process other", "process other"]
    for each in spans:
        assert (each.attributes or {})["messaging.destination.name"] == subject
        assert (each.attributes or {})["messaging.destination.template"] == "other"


def test_the_names_are_those_of_the_conventions() -> None:
    ours = {name: value for name, value in vars(conventions).items() if name.isupper()}
    standard = {name: value for module in _CONVENTIONS for name, value in vars(module).items()}
    assert ours["SCHEMA_URL"] == Schemas.V1_44_0.value
    assert ours["VERSION"] in ours["SOURCE"]
    own = {"VERSION", "SCHEMA_URL", "SOURCE"}
    for name in ours.keys() - own:
        if not name.startswith("NATS_"):
            assert standard[name] == ours[name]
    assert {ours[name].rpartition(".")[0] for name in ours if name.startswith("NATS_")} == {
        "messaging.nats"
    }
