"""The pull loop over everything that happens to servers, consumers and the process itself."""

import asyncio

import pytest

from bus import consumer as pulling
from bus.connection import ConnectionLost
from bus.consumer import PullLoop
from bus.hand import Hand
from bus.provision import provision
from bus.topology import ACK_WAIT
from contracts.documents import AddType, TypeAdded
from services.discovery import consumers
from tests.bus.bench import STORAGE, Bench
from tests.bus.handlers import add_type, type_added
from tests.bus.redelivery import hear_again_after
from tests.bus.waiting import eventually, running


async def test_after_a_restart_of_the_server_everything_is_handled(bench: Bench) -> None:
    seen: set[str] = set()

    async def add_type(command: AddType) -> TypeAdded:
        seen.add(command.name)
        return type_added(command.name)

    async def some_were_seen() -> bool:
        return len(seen) >= 5

    worker = await bench.worker(add_type)
    async with running(worker.run):
        for n in range(40):
            await bench.send(AddType(name=f"type {n}"), f"restart-{n}")
        await eventually(some_were_seen)
        await bench.servers.stop("nats")
        await bench.servers.start("nats")
        await bench.send(AddType(name="afterwards"), "restart-after")
        # What was in hand at the stop, and never acknowledged, comes again after its time.
        await eventually(lambda: bench.is_empty("COMMANDS"), within=3 * ACK_WAIT)

    assert seen == {f"type {n}" for n in range(40)} | {"afterwards"}
    assert await bench.count("EVENTS") == 41


async def test_a_missing_consumer_is_waited_for(bench: Bench) -> None:
    operator = await bench.link("operator")
    await operator.jetstream.delete_consumer(STORAGE.stream, STORAGE.name)
    await bench.send(AddType(name="x"), "missing-1")
    worker = await bench.worker(add_type)
    async with running(worker.run):
        assert await bench.count("COMMANDS") == 1
        await provision(bench.url, bench.seed("operator"), consumers())
        await eventually(lambda: bench.is_empty("COMMANDS"))


async def test_a_consumer_that_vanishes_and_comes_back_is_read_again(bench: Bench) -> None:
    operator = await bench.link("operator")
    worker = await bench.worker(add_type)
    async with running(worker.run):
        await bench.send(AddType(name="x"), "vanish-1")
        await eventually(lambda: bench.is_empty("COMMANDS"))
        await operator.jetstream.delete_consumer(STORAGE.stream, STORAGE.name)
        await provision(bench.url, bench.seed("operator"), consumers())
        await bench.send(AddType(name="y"), "vanish-2")
        await eventually(lambda: bench.is_empty("COMMANDS"))


async def test_stopping_finishes_what_is_in_hand_and_takes_no_more(bench: Bench) -> None:
    begun, go_on = asyncio.Event(), asyncio.Event()
    stopping = asyncio.Event()

    async def add_type(command: AddType) -> TypeAdded:
        begun.set()
        await go_on.wait()
        return type_added(command.name)

    worker = await bench.worker(add_type)
    task = asyncio.create_task(worker.run(stopping))
    await bench.send(AddType(name="in hand"), "stop-1")
    async with asyncio.timeout(60):
        await begun.wait()
        stopping.set()
        go_on.set()
        await task
    await bench.send(AddType(name="too late"), "stop-2")

    (event,) = await bench.stored("EVENTS")
    assert b"in hand" in bytes(event.data or b"")
    assert await bench.count("COMMANDS") == 1


@pytest.mark.parametrize("at_once", [1, 8])
async def test_what_cannot_be_finished_is_left_to_the_next_copy(
    bench: Bench, monkeypatch: pytest.MonkeyPatch, at_once: int
) -> None:
    monkeypatch.setattr(pulling, "FINISH_WITHIN", 0.2)
    await hear_again_after(bench, seconds=60)  # it is given back, and comes at once
    begun = asyncio.Event()

    async def wait_for_a_dependency(_: object) -> None:
        begun.set()
        await asyncio.Event().wait()

    link = await bench.link("storage")
    hand = Hand(STORAGE.name, at_once)
    waiting = PullLoop(link, STORAGE.stream, STORAGE.name, wait_for_a_dependency, hand)
    stopping = asyncio.Event()
    task = asyncio.create_task(waiting.run(stopping))
    await bench.send(AddType(name="x"), f"unfinished-{at_once}")
    async with asyncio.timeout(60):
        await begun.wait()
        stopping.set()
        await task

    assert await bench.count("COMMANDS") == 1
    worker = await bench.worker(add_type)
    async with running(worker.run):
        await eventually(lambda: bench.is_empty("COMMANDS"))
    assert await bench.count("EVENTS") == 1


async def test_two_copies_share_the_work_and_do_each_piece_once(bench: Bench) -> None:
    seen: list[str] = []

    async def add_type(command: AddType) -> TypeAdded:
        seen.append(command.name)
        return type_added(command.name)

    first, second = await bench.worker(add_type), await bench.worker(add_type)
    async with running(first.run, second.run):
        for n in range(50):
            await bench.send(AddType(name=f"type {n}"), f"share-{n}")
        await eventually(lambda: bench.is_empty("COMMANDS"))

    assert sorted(seen) == sorted(f"type {n}" for n in range(50))


async def test_what_a_killed_copy_had_in_hand_is_handled_by_another(bench: Bench) -> None:
    await hear_again_after(bench, seconds=1)
    begun = asyncio.Event()

    async def never_done(_: object) -> None:
        begun.set()
        await asyncio.Event().wait()

    link = await bench.another_link("storage")
    killed = PullLoop(link, STORAGE.stream, STORAGE.name, never_done)
    task = asyncio.create_task(killed.run(asyncio.Event()))
    await bench.send(AddType(name="x"), "killed-1")
    async with asyncio.timeout(60):
        await begun.wait()
        await link.client.close()  # so that it can give nothing back, as a killed process
        with pytest.raises(ConnectionLost):
            await task

    worker = await bench.worker(add_type)
    async with running(worker.run):
        await eventually(lambda: bench.is_empty("COMMANDS"))
    assert await bench.count("EVENTS") == 1


async def test_a_loop_whose_connection_is_closed_says_so(bench: Bench) -> None:
    async def nothing(_: object) -> None:
        """Handle nothing."""

    link = await bench.another_link("storage")
    loop = PullLoop(link, STORAGE.stream, STORAGE.name, nothing)
    task = asyncio.create_task(loop.run(asyncio.Event()))
    await bench.send(AddType(name="x"), "closed-1")

    async def is_delivered() -> bool:
        operator = await bench.link("operator")
        info = await operator.jetstream.consumer_info(STORAGE.stream, STORAGE.name)
        return bool(info.num_ack_pending)

    await eventually(is_delivered)  # so it fetches, and nothing is in hand
    await link.client.close()
    with pytest.raises(ConnectionLost):
        async with asyncio.timeout(60):
            await task
