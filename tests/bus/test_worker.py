"""What a worker does with each message: handle and acknowledge, try again, or bury it."""

import asyncio
from urllib.parse import unquote

import pytest
from nats.js.api import RawStreamMsg

from bus import Events, NotYet
from bus.middleware import retry
from bus.topology import service_consumer
from contracts.documents import AddType, TypeAdded
from contracts.people import SettingsChanged
from tests.bus.bench import CAUSE, Bench
from tests.bus.handlers import add_type, type_added
from tests.bus.waiting import eventually, running

SUBJECT = "command.documents.add_type"
PAYLOAD = b'{"type":"AddType","name":"Passports"}'


@pytest.fixture
def quick_retries(monkeypatch: pytest.MonkeyPatch) -> None:
    """As many attempts as ever, in less time."""
    monkeypatch.setattr(retry, "ATTEMPT_DELAYS", (0.01,) * len(retry.ATTEMPT_DELAYS))


async def dead_letter(bench: Bench) -> RawStreamMsg:
    """Wait for the one dead letter, and for its message to be settled."""
    await eventually(lambda: bench.count("DEAD"))
    await eventually(lambda: bench.is_empty("COMMANDS"))
    (dead,) = await bench.stored("DEAD")
    return dead


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

    outcome, further = await bench.stored("EVENTS")
    assert [outcome.subject, further.subject] == [
        "event.documents.type_added",
        "event.people.settings_changed",
    ]
    assert further.headers is not None
    assert further.headers["Message-Id"] == "c-2-1"


@pytest.mark.parametrize(
    ("payload", "reason"),
    [
        (b"no JSON", "JSON is malformed"),
        (b'{"type":"AddType","name":"\xff"}', "utf-8"),
        (b'{"type":"AddType","name":"x","y":' + b"[" * 9999 + b"]" * 9999 + b"}", "recursion"),
        (b'{"type":"AddType","name":""}', "length >= 1"),
        (b'{"type":"AddType"}', "missing required field `name`"),
        (
            b'{"type":"DeleteDocument","document_id":1,"version":1}',
            "Invalid value 'DeleteDocument'",
        ),
    ],
    ids=["no JSON", "no UTF-8", "too deep", "limit broken", "field missing", "another type"],
)
async def test_what_cannot_be_read_is_dead_at_once(
    bench: Bench, payload: bytes, reason: str
) -> None:
    headers = CAUSE.headers() | {"Nats-Msg-Id": f"{reason} {len(payload)}", "Nats-Foreign": "1"}
    worker = await bench.worker(add_type)
    async with running(worker.run):
        await bench.send_bytes(SUBJECT, payload, headers)
        dead = await dead_letter(bench)
        # The one after it is handled: nothing of the worker broke.
        await bench.send(AddType(name="x"), f"after-{len(payload)}")
        await eventually(lambda: bench.count("EVENTS"))

    assert dead.subject == f"dead.{SUBJECT}"
    assert dead.data == payload
    assert dead.headers is not None
    assert reason in unquote(dead.headers["Dead-Reason"])
    assert dead.headers["Dead-Attempts"] == "1"
    assert dead.headers["Actor"] == "1001@documents"
    assert not [name for name in dead.headers if name.lower().startswith("nats-")]


@pytest.mark.parametrize(
    ("headers", "reason"),
    [
        ({}, "Message-Id is missing"),
        ({"Message-Id": "c-1"}, "nobody acts"),
        ({"Message-Id": "c-1", "Actor": "9" * 5000 + "@documents"}, "Actor"),
        ({"Message-Id": "c.>", "Actor": "1001@documents"}, "Message-Id is not an id"),
    ],
    ids=["no id", "no actor", "endless actor", "wildcard id"],
)
async def test_a_message_with_wrong_headers_is_dead_at_once(
    bench: Bench, headers: dict[str, str], reason: str
) -> None:
    worker = await bench.worker(add_type)
    async with running(worker.run):
        await bench.send_bytes(SUBJECT, PAYLOAD, headers)
        dead = await dead_letter(bench)

    assert dead.headers is not None
    assert reason in unquote(dead.headers["Dead-Reason"])


async def test_a_message_nobody_handles_is_dead_at_once(bench: Bench) -> None:
    worker = await bench.worker(add_type)
    subjects = (SUBJECT, "command.documents.delete_document")
    heard = service_consumer("storage", "documents", "COMMANDS", subjects)
    worker = await bench.worker(add_type, consumer=heard)
    async with running(worker.run):
        await bench.send_bytes(subjects[1], b"{}", CAUSE.headers())
        dead = await dead_letter(bench)

    assert dead.headers is not None
    assert f"nobody handles {subjects[1]} here" in dead.headers["Dead-Reason"]


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
        dead = await dead_letter(bench)

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

    names = [bytes(event.data or b"") for event in await bench.stored("EVENTS")]
    assert len(names) == 2
    assert b'"x"' in names[0]
    assert b'"attempt 3"' in names[1]
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
        dead = await dead_letter(bench)

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
    monkeypatch.setattr(retry, "AWAY_DELAYS", (0.01,))
    attempts = 0

    async def add_type(command: AddType) -> TypeAdded:
        nonlocal attempts
        attempts += 1
        if attempts < 30:
            raise ConnectionRefusedError("database")
        return type_added(command.name)

    worker = await bench.worker(add_type, is_away=lambda error: isinstance(error, OSError))
    async with running(worker.run):
        await bench.send(AddType(name="x"), "c-6")
        await eventually(lambda: bench.is_empty("COMMANDS"))

    assert attempts == 30
    assert await bench.count("EVENTS") == 1
    assert await bench.is_empty("DEAD")
