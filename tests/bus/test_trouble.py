"""What is held up by trouble, and what is not: one message, one consumer, and nothing else."""

import asyncio
import secrets
import time

import pytest
from nats.js.api import ConsumerConfig, ConsumerInfo

from bus import hand
from bus.hand import READY_AT_ONCE, SCOUTS
from bus.topology import service_consumer
from bus.trouble import Trouble, held_up
from contracts.base import subject_of
from contracts.documents import AddType, TypeAdded
from contracts.people import ChangeSettings, SettingsChanged
from tests.bus.bench import SLOTS, STORAGE, Bench, os_errors
from tests.bus.handlers import type_added
from tests.bus.waiting import eventually, running

PEOPLE = service_consumer("storage", "people", "COMMANDS", [subject_of(ChangeSettings)])

SILENT = 3.0
"""Seconds that a message may go without a heartbeat."""


class HeldUp(Exception):
    """This message alone has to wait."""


def judge(error: BaseException) -> Trouble:
    """Tell what the handlers of these tests raise."""
    return held_up(0.05) if isinstance(error, HeldUp) else os_errors(error)


@pytest.fixture
def quick_looks(monkeypatch: pytest.MonkeyPatch) -> None:
    """Look often whether a dependency is back."""
    monkeypatch.setattr(hand, "AWAY_DELAYS", (0.01,))


async def storage_consumer(bench: Bench) -> ConsumerInfo:
    """Return what the server knows of the consumer."""
    operator = await bench.link("operator")
    info: ConsumerInfo = await operator.jetstream.consumer_info(STORAGE.stream, STORAGE.name)
    return info


async def deliveries(bench: Bench) -> int:
    """Return how often the consumer was given a message, ever since it was made."""
    delivered = (await storage_consumer(bench)).delivered
    assert delivered is not None
    return int(delivered.consumer_seq)


@pytest.mark.usefixtures("quick_looks")
async def test_while_a_dependency_is_away_nothing_more_is_fetched(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bus.middleware.heartbeat.INTERVAL", 0.3)
    operator = await bench.link("operator")
    impatient: ConsumerConfig = STORAGE.config().evolve(ack_wait=SILENT)
    await operator.jetstream.add_consumer(STORAGE.stream, impatient)
    before = await deliveries(bench)
    back = asyncio.Event()
    looks = 0

    async def add_type(command: AddType) -> TypeAdded:
        nonlocal looks
        if not back.is_set():
            looks += 1
            raise ConnectionRefusedError("database")
        return type_added(command.name)

    async def many_looked() -> bool:
        return looks > 200 and time.monotonic() - began > SILENT

    total, this_time = 3 * READY_AT_ONCE, secrets.token_hex(4)  # an outcome comes once ever
    for n in range(total):
        await bench.send(AddType(name=f"type {n}"), f"away-{this_time}-{n}")
    worker = await bench.worker(add_type, judge=judge)
    began = time.monotonic()
    async with running(worker.run):
        await eventually(many_looked)
        info = await storage_consumer(bench)
        assert info.num_ack_pending is not None
        assert SCOUTS <= info.num_ack_pending <= 2 * READY_AT_ONCE
        assert info.num_pending == total - info.num_ack_pending
        assert info.num_redelivered == 0
        back.set()
        await eventually(lambda: bench.is_empty("COMMANDS"))

    assert await bench.count("EVENTS") == total
    assert await deliveries(bench) - before == total  # each once: none was given back


@pytest.mark.usefixtures("quick_looks")
async def test_one_at_a_time_looks_whether_a_dependency_is_back(bench: Bench) -> None:
    at_once = most_at_once = looks = 0
    back = asyncio.Event()

    async def add_type(command: AddType) -> TypeAdded:
        nonlocal at_once, most_at_once, looks
        if not back.is_set():
            looks += 1
            at_once += 1
            if looks > SLOTS + 1:  # those came before anybody knew
                most_at_once = max(most_at_once, at_once)
            await asyncio.sleep(0)
            at_once -= 1
            raise ConnectionRefusedError("database")
        return type_added(command.name)

    async def many_looked() -> bool:
        return looks > 5 * SLOTS

    for n in range(READY_AT_ONCE):
        await bench.send(AddType(name=f"type {n}"), f"scout-{n}")
    worker = await bench.worker(add_type, judge=judge)
    async with running(worker.run):
        await eventually(many_looked)
        assert most_at_once == 1
        back.set()
        await eventually(lambda: bench.is_empty("COMMANDS"))


async def test_a_message_that_has_to_wait_holds_up_no_other(bench: Bench) -> None:
    spared = asyncio.Event()
    held = 0

    async def add_type(command: AddType) -> TypeAdded:
        nonlocal held
        if command.name.startswith("held up") and not spared.is_set():
            held += 1
            raise HeldUp
        return type_added(command.name)

    async def all_were_held_up() -> bool:
        return held > 2 * READY_AT_ONCE

    worker = await bench.worker(add_type, judge=judge)
    async with running(worker.run):
        for n in range(2 * READY_AT_ONCE):
            await bench.send(AddType(name=f"held up {n}"), f"held-up-{n}")
        await eventually(all_were_held_up)
        await bench.send(AddType(name="other"), "not-held-up")
        await eventually(lambda: bench.count("EVENTS"))
        spared.set()
        await eventually(lambda: bench.is_empty("COMMANDS"))
    assert await bench.is_empty("DEAD")


@pytest.mark.usefixtures("quick_looks")
async def test_a_message_that_finds_a_dependency_away_alone_holds_up_no_other(
    bench: Bench,
) -> None:
    alone = 0

    async def add_type(command: AddType) -> TypeAdded:
        nonlocal alone
        if command.name == "alone" and await bench.count("EVENTS") < 40:
            alone += 1
            raise ConnectionResetError("whenever it is this one")
        return type_added(command.name)

    await bench.send(AddType(name="alone"), "alone")
    worker = await bench.worker(add_type, judge=judge)
    async with running(worker.run):
        for n in range(40):
            await bench.send(AddType(name=f"type {n}"), f"not-alone-{n}")
        await eventually(lambda: bench.is_empty("COMMANDS"))
    assert alone > 1
    assert await bench.count("EVENTS") == 41


@pytest.mark.parametrize("stuck", ["away", "slow"])
async def test_one_apps_trouble_does_not_delay_another(bench: Bench, stuck: str) -> None:
    over = asyncio.Event()
    in_trouble = 0

    async def add_type(command: AddType) -> TypeAdded:
        nonlocal in_trouble
        in_trouble += 1
        if stuck == "slow":
            await over.wait()
        elif not over.is_set():
            raise ConnectionRefusedError("a dependency of documents")
        return type_added(command.name)

    async def change_settings(command: ChangeSettings) -> SettingsChanged:
        return SettingsChanged(person_id=1001, language="ru", time_zone="UTC")

    async def is_stuck() -> bool:
        return in_trouble >= (SLOTS if stuck == "slow" else 3)

    call = await bench.call(judge)
    documents = await bench.worker(add_type, call=call)
    people = await bench.worker(change_settings, consumer=PEOPLE, call=call)
    async with running(documents.run, people.run):
        for n in range(3 * SLOTS):
            await bench.send(AddType(name=f"type {n}"), f"{stuck}-{n}")
        await eventually(is_stuck)
        for n in range(3):
            await bench.send(ChangeSettings(language="ru"), f"{stuck}-settings-{n}")
        await eventually(lambda: has_events(bench, 3))
        over.set()
        await eventually(lambda: bench.is_empty("COMMANDS"))


async def has_events(bench: Bench, count: int) -> bool:
    """Whether so many outcomes were published."""
    return await bench.count("EVENTS") == count
