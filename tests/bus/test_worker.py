"""What a worker does with each message: handle and acknowledge, try again, or bury it."""

import asyncio
from urllib.parse import unquote

import pytest

from bus import Events, NotYet, hand
from bus.middleware import retry
from contracts.documents import AddType, TypeAdded
from contracts.people import SettingsChanged
from tests.bus.bench import Bench, os_errors
from tests.bus.handlers import add_type, type_added
from tests.bus.waiting import eventually, running


@pytest.fixture
def quick_retries(monkeypatch: pytest.MonkeyPatch) -> None:
    """As many attempts as ever, in less time."""
    monkeypatch.setattr(retry, "ATTEMPT_DELAYS", (0.01,) * len(retry.ATTEMPT_DELAYS))


async def test_a_command_is_handled_and_its_outcome_published(bench: Bench) -> None:
    worker = await bench.worker(add_type)
    async with running(worker.run):
        await bench.send(AddType(name="Паспорта", emoji="🛂"), "c-1")
        await eventually(lambda: bench.is_empty("COMMANDS"))

    (event,) = await bench.stored("EVENTS")
    assert event.subject == "event.documents.type_added"
    assert event.data is not None
    assert event.data.decode() == (
        '{"type":"TypeAdded","person_id":1001,"type_id":1,"name":"Паспорта","emoji":"🛂"}'
    )
    assert event.headers is not None
    assert event.headers["Message-Id"] == event.headers["Nats-Msg-Id"] == "c-1-0"
    assert event.headers["Causation-Id"] == "c-1"
    assert event.headers["Actor"] == "1001@documents"


async def test_further_events_are_published_beside_the_outcome(bench: Bench) -> None:
    async def add_type(command: AddType, events: Events) -> TypeAdded:
        events.add(SettingsChanged(person_id=1001, language="ru", time_zone="UTC"))
        return type_added(command.name)

    worker = await bench.worker(add_type)
    async with running(worker.run):
        await bench.send(AddType(name="x"), "c-2")
        await eventually(lambda: bench.is_empty("COMMANDS"))

    # Of their order nothing is promised.
    said = {each.subject: each.headers or {} for each in await bench.stored("EVENTS")}
    assert {subject: headers["Message-Id"] for subject, headers in said.items()} == {
        "event.documents.type_added": "c-2-0",
        "event.people.settings_changed": "c-2-1",
    }


@pytest.mark.usefixtures("quick_retries")
async def test_a_bug_is_tried_four_times_then_dead(bench: Bench) -> None:
    attempts = 0

    async def add_type(command: AddType, events: Events) -> TypeAdded:
        nonlocal attempts
        attempts += 1
        events.add(type_added("must never be seen"))
        raise KeyError("Паспорта\r\nForged: header")

    worker = await bench.worker(add_type)
    async with running(worker.run):
        await bench.send(AddType(name="x"), "c-3")
        dead = await bench.dead_letter()

    assert attempts == 4
    assert dead.headers is not None
    assert "KeyError" in dead.headers["Dead-Reason"]
    assert "Паспорта" in unquote(dead.headers["Dead-Reason"])
    assert "Forged" not in dead.headers
    assert dead.headers["Dead-At"].startswith("test_worker.py:")
    assert await bench.is_empty("EVENTS")


@pytest.mark.usefixtures("quick_retries")
async def test_events_of_failed_attempts_are_not_published(bench: Bench) -> None:
    attempts = 0

    async def add_type(command: AddType, events: Events) -> TypeAdded:
        nonlocal attempts
        attempts += 1
        events.add(type_added(f"attempt {attempts}"))
        if attempts < 3:
            raise RuntimeError("not this time")
        return type_added(command.name)

    worker = await bench.worker(add_type)
    async with running(worker.run):
        await bench.send(AddType(name="x"), "c-4")
        await eventually(lambda: bench.is_empty("COMMANDS"))

    said = b"".join(bytes(event.data or b"") for event in await bench.stored("EVENTS"))
    assert said.count(b'"name"') == 2
    assert b'"x"' in said
    assert b"attempt 3" in said
    assert await bench.is_empty("DEAD")


@pytest.mark.usefixtures("quick_retries")
async def test_a_handler_over_its_time_counts_as_failed(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tests.bus.bench.HANDLER_TIMEOUT", 0.05)

    async def add_type(command: AddType) -> TypeAdded:
        await asyncio.Event().wait()
        return type_added(command.name)

    worker = await bench.worker(add_type)
    async with running(worker.run):
        await bench.send(AddType(name="x"), "c-5")
        dead = await bench.dead_letter()

    assert dead.headers is not None
    assert "HandlerTooSlow" in dead.headers["Dead-Reason"]


async def test_what_must_wait_neither_counts_nor_blocks_others(bench: Bench) -> None:
    ready = asyncio.Event()
    refused = 0

    async def add_type(command: AddType) -> TypeAdded:
        nonlocal refused
        if command.name.startswith("early") and not ready.is_set():
            refused += 1
            raise NotYet("its upload is not kept yet")
        return type_added(command.name)

    async def all_refused_often() -> bool:
        return refused > 60

    worker = await bench.worker(add_type)
    async with running(worker.run):
        for place in range(10):  # more than there are slots
            await bench.send(AddType(name=f"early {place}"), f"early-{place}")
        await eventually(all_refused_often)
        await bench.send(AddType(name="other"), "other")
        await eventually(lambda: bench.count("EVENTS"))
        ready.set()
        await eventually(lambda: bench.is_empty("COMMANDS"))

    assert await bench.count("EVENTS") == 11
    assert await bench.is_empty("DEAD")


async def test_a_message_stays_in_hand_while_a_dependency_is_away(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(hand, "AWAY_DELAYS", (0.01,))
    attempts = 0

    async def add_type(command: AddType) -> TypeAdded:
        nonlocal attempts
        attempts += 1
        if attempts < 30:
            raise ConnectionRefusedError("database")
        return type_added(command.name)

    worker = await bench.worker(add_type, judge=os_errors)
    async with running(worker.run):
        await bench.send(AddType(name="x"), "c-6")
        await eventually(lambda: bench.is_empty("COMMANDS"))

    assert attempts == 30
    assert await bench.count("EVENTS") == 1
    assert await bench.is_empty("DEAD")
