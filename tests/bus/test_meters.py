"""What is counted and timed of messages, on a real bus; no label is what somebody made up."""

import asyncio
from collections.abc import Awaitable, Callable

import pytest
from prometheus_client import CollectorRegistry

from bus import CommandFailed, NotInTime, NotPublished, NotYet, Overloaded, QueryUnavailable
from bus.connection import Link
from bus.delivery import Delivery, chain
from bus.destinations import destination_of, destinations, request_of
from bus.errors import Forfeited, MalformedMessage
from bus.lag import Lag
from bus.middleware import retry
from bus.middleware.metrics import metrics
from contracts.base import subject_of
from contracts.documents import AddType, TypeAdded
from contracts.people import GetPerson
from services.discovery import all_apps, consumers
from tests.bus.bench import STORAGE, Bench, meters_read_here
from tests.bus.handlers import add_type, type_added
from tests.bus.waiting import eventually, running
from tests.services.storage.delivering import delivered

SENT = "messaging_client_sent_messages_total"
REASONS = ("held_up", "bug", "away")
ADD_TYPE, TYPE_ADDED = "command.documents.add_type", "event.documents.type_added"


def value(registry: CollectorRegistry, name: str, **labels: str) -> float:
    """Return a sample's value, 0 where there is none."""
    return registry.get_sample_value(name, labels) or 0.0


def calls(link: Link, operation: str, result: str = "ok") -> float:
    """Return how many calls of NATS were timed."""
    labels = {"target": "nats", "operation": operation, "result": result}
    name = "integration_call_duration_seconds_count"
    return value(link.meters.calls.registry, name, **labels)


async def test_deliveries_handlings_and_what_is_sent_are_counted(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(retry, "ATTEMPT_DELAYS", (0.01,) * 3)
    waited: list[AddType] = []

    async def add_type(command: AddType) -> TypeAdded:
        if command.name == "broken":
            raise ValueError("nobody can")
        if command.name == "later" and not waited:
            waited.append(command)
            raise NotYet("in a moment")
        return type_added(command.name)

    bus, _ = await bench.bot()
    bot, storage = await bench.link("bot"), await bench.link("storage")
    worker = await bench.worker(add_type)
    async with running(worker.run):
        for name in ("at once", "later"):
            await bus.execute(AddType(name=name), patience=60)
        with pytest.raises(CommandFailed):
            await bus.execute(AddType(name="broken"), patience=60)
        await bench.send_bytes(ADD_TYPE, b"no JSON", {"Message-Id": "c-9"})
        await eventually(lambda: bench.is_empty("COMMANDS"))
    with pytest.raises(NotInTime):
        await bus.execute(AddType(name="late"), patience=0.01)

    _shows_what_storage_did(storage)
    counted = bot.meters.calls.registry
    assert value(counted, SENT, destination=ADD_TYPE) == 4
    waits = {
        result: value(counted, "outcome_wait_seconds_count", command="AddType", result=result)
        for result in ("in_time", "failed", "late", "overloaded")
    }
    assert waits == {"in_time": 2, "failed": 1, "late": 1, "overloaded": 0}


def _shows_what_storage_did(storage: Link) -> None:
    counted = storage.meters.calls.registry
    at = {"consumer": STORAGE.name}
    consumed = "messaging_client_consumed_messages_total"
    assert value(counted, consumed, **at, message="AddType") == 3
    assert value(counted, consumed, **at, message="unreadable") == 1
    assert value(counted, "requests_total", kind="command", app="documents") == 4
    processed = "messaging_process_duration_seconds_count"
    assert value(counted, processed, **at, message="AddType", result="handled") == 2
    assert value(counted, processed, **at, message="AddType", result="dead") == 1
    assert value(counted, processed, **at, message="unreadable", result="dead") == 1
    retried = {why: value(counted, "messaging_retries_total", **at, reason=why) for why in REASONS}
    assert retried == {"held_up": 1, "bug": 3, "away": 0}
    assert value(counted, SENT, destination=TYPE_ADDED) == 2
    assert value(counted, SENT, destination=f"dead.{ADD_TYPE}") == 2
    assert calls(storage, f"publish {TYPE_ADDED}") == 2
    assert calls(storage, "request outcome.{asker}.{command}") == 3


async def test_a_question_is_timed_also_when_nobody_is_there(bench: Bench) -> None:
    bus, _ = await bench.bot()
    link = await bench.link("bot")
    with pytest.raises(QueryUnavailable):
        await bus.ask(GetPerson())
    assert calls(link, f"request {subject_of(GetPerson)}", "failed") == 1


@pytest.mark.parametrize(
    ("error", "result"),
    [
        (NotInTime(), "late"),
        (CommandFailed("3f9c"), "failed"),
        (Overloaded(), "overloaded"),
        (NotPublished(), "not_published"),
        (asyncio.CancelledError(), "cancelled"),
        (MalformedMessage(), None),
    ],
    ids=lambda given: type(given).__name__,
)
def test_a_wait_is_timed_by_how_it_ends(error: BaseException, result: str | None) -> None:
    meters = meters_read_here()
    with pytest.raises(type(error)), meters.waiting("AddType"):
        raise error
    found = [
        sample.labels["result"]
        for family in meters.calls.registry.collect()
        for sample in family.samples
        if sample.name == "outcome_wait_seconds_count"
    ]
    assert found == ([result] if result else [])  # what could not be sent was not waited for


@pytest.mark.parametrize(
    ("error", "result"),
    [(Forfeited(), "forfeited"), (asyncio.CancelledError(), "forfeited"), (OSError(), "failed")],
    ids=lambda given: type(given).__name__,
)
async def test_what_another_copy_does_is_no_failure(error: BaseException, result: str) -> None:
    meters = meters_read_here()

    async def fail(_: Delivery) -> None:
        raise error

    delivery = delivered(add_type, AddType(name="x"), "c-1")
    with pytest.raises(type(error)):
        await chain([metrics(meters)], fail)(delivery)
    labels = {"consumer": STORAGE.name, "message": "AddType", "result": result}
    name = "messaging_process_duration_seconds_count"
    assert value(meters.calls.registry, name, **labels) == 1


async def test_the_oldest_message_in_hand_has_an_age(bench: Bench) -> None:
    held, release = asyncio.Event(), asyncio.Event()

    async def add_type(command: AddType) -> TypeAdded:
        held.set()
        await release.wait()
        return type_added(command.name)

    link = await bench.link("storage")
    labels = {"stream": STORAGE.stream, "consumer": STORAGE.name}

    def age() -> float:
        return value(link.meters.calls.registry, "messaging_consumer_oldest_seconds", **labels)

    async def is_growing() -> bool:
        return age() > 0.1

    worker = await bench.worker(add_type)
    async with running(worker.run):
        assert age() == 0
        await bench.send(AddType(name="x"), "c-1")
        await held.wait()
        await eventually(is_growing)
        release.set()
        await eventually(lambda: bench.is_empty("COMMANDS"))
    assert age() == 0


async def test_lag_is_of_known_consumers_and_unknown_while_the_bus_is_away(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bus.lag.LOOKED_EVERY", 0.05)
    registry, storage = CollectorRegistry(), await bench.link("storage")
    operator = (await bench.link("operator")).jetstream
    await operator.add_consumer("EVENTS", durable_name="somebody-s", filter_subject="event.>")
    watching = asyncio.create_task(Lag(registry).watch(storage))
    name, labels = "messaging_consumer_lag", {"stream": "COMMANDS", "consumer": STORAGE.name}
    try:
        await eventually(_shows(registry, name, 0, **labels))
        await bench.send(AddType(name="x"), "c-1")
        await bench.send(AddType(name="y"), "c-2")
        await eventually(_shows(registry, name, 2, **labels))
        oldest = "messaging_stream_oldest_seconds"
        assert value(registry, oldest, stream="COMMANDS") > 0
        assert registry.get_sample_value(oldest, {"stream": "UPDATES"}) == 0
        await bench.servers.stop("nats")
        await eventually(_shows(registry, name, None, **labels))
        await bench.servers.start("nats")
        await eventually(_shows(registry, name, 2, **labels))
    finally:
        watching.cancel()
        await operator.delete_consumer("EVENTS", "somebody-s")
    shown = {
        (sample.labels["stream"], sample.labels["consumer"])
        for family in registry.collect()
        for sample in family.samples
        if family.name == name
    }
    assert shown == {(consumer.stream, consumer.name) for consumer in consumers()}


def _shows(
    registry: CollectorRegistry, name: str, wanted: float | None, **labels: str
) -> Callable[[], Awaitable[bool]]:
    async def shows() -> bool:
        return registry.get_sample_value(name, labels) == wanted

    return shows


@pytest.mark.parametrize(
    ("subject", "destination", "request_"),
    [
        ("command.documents.add_type", "command.documents.add_type", ("command", "documents")),
        ("update.documents.1001", "update.documents.{chat}", ("update", "documents")),
        ("update.3.documents.1001", "update.documents.{chat}", ("update", "documents")),
        ("late.documents.type_added.documents.7", "late.documents.type_added", None),
        ("notice.bulk.documents.-7", "notice.bulk.documents.{chat}", ("notice", "documents")),
        ("dead.update.3.documents.7", "dead.update.documents.{chat}", ("other", "other")),
        ("outcome.bot-x.documents-7-1", "outcome.{asker}.{command}", None),
        ("command.documents.add_type.secret", "other", ("command", "documents")),
        ("command.foreign.x", "other", ("command", "other")),
        ("late.my_secret.mine.documents.7", "other", ("late", "other")),
        ("notice.loud.documents.7", "other", ("notice", "documents")),
        ("", "other", ("other", "other")),
        ("update", "other", ("update", "other")),
        ("📎.>.*", "other", ("other", "other")),
    ],
)
def test_subjects_become_one_of_a_few_names(
    subject: str, destination: str, request_: tuple[str, str] | None
) -> None:
    assert destination_of(subject) == destination
    if request_:
        assert request_of(subject) == request_


def test_there_are_not_many_destinations() -> None:
    assert len(destinations()) < 150 * len(all_apps())
