"""How long a caller waits for an outcome: less after misses, never more than it has left."""

import asyncio
import time

import pytest

from bus import NotInTime, QueryUnavailable, outcomes
from bus.caller import Bus, Wire
from contracts.documents import AddType, ListTypes, TypeAdded
from tests.bus.bench import Bench, caused_by
from tests.bus.handlers import type_added
from tests.bus.waiting import eventually, running


async def test_patience_shrinks_with_misses_and_recovers(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    patience = 1.0
    monkeypatch.setattr(outcomes, "PATIENCE", patience)
    monkeypatch.setattr(outcomes, "LITTLE_PATIENCE", 0.05)
    _, waiting = await bench.bot()
    loop = asyncio.get_running_loop()

    async def missed(app: str = "documents") -> float:
        began = loop.time()
        with waiting.expecting("none comes", app) as expected, pytest.raises(TimeoutError):
            await waiting.take(expected)
        return loop.time() - began

    patient = [await missed() for _ in range(outcomes.MISSES_IN_A_ROW)]
    impatient = await missed()
    assert min(patient) >= patience
    assert impatient < patience
    assert await missed("people") >= patience  # one app's trouble is not another's

    with waiting.expecting("comes", "documents") as expected:
        expected.future.set_result(b"{}")
        assert await waiting.take(expected) == b"{}"
    assert await missed() >= patience


async def test_patience_recovers_when_outcomes_come_a_little_late(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(outcomes, "PATIENCE", 5.0)
    monkeypatch.setattr(outcomes, "LITTLE_PATIENCE", 0.05)
    go_on = asyncio.Event()

    async def add_type(command: AddType) -> TypeAdded:
        await go_on.wait()
        return type_added(command.name)

    bot, waiting = await bench.bot(caused_by("a-little-late"))
    worker = await bench.worker(add_type)
    async with running(worker.run):
        for _ in range(outcomes.MISSES_IN_A_ROW):
            with (
                waiting.expecting("none comes", "documents") as expected,
                pytest.raises(TimeoutError),
            ):
                await waiting.take(expected, at_most=0.05)
        with pytest.raises(NotInTime):  # with little patience
            await bot.execute(AddType(name="first"))
        go_on.set()  # storage was alive, only slower than that
        await eventually(lambda: bench.is_empty("COMMANDS"))
        go_on.clear()
        second = asyncio.create_task(bot.execute(AddType(name="second")))
        await asyncio.wait([second], timeout=1.0)  # longer than little patience
        assert not second.done()
        go_on.set()
        assert await second == type_added("second")


async def test_a_caller_that_has_no_time_left_waits_for_nothing(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(outcomes, "PATIENCE", 60.0)
    publisher = await bench.publisher("bot")
    _, waiting = await bench.bot()
    over = Bus(Wire(publisher, waiting), caused_by("over"), until=time.monotonic() - 1)

    async with asyncio.timeout(outcomes.PATIENCE / 2):
        for _ in range(outcomes.MISSES_IN_A_ROW):
            with pytest.raises(NotInTime):
                await over.execute(AddType(name="x"))
        with pytest.raises(QueryUnavailable):
            await over.ask(ListTypes())
    assert await bench.count("COMMANDS") == outcomes.MISSES_IN_A_ROW  # each was accepted

    # Others have their patience: a caller in a hurry has learned nothing of storage.
    bot, _ = await bench.bot(caused_by("patient"))
    execution = asyncio.create_task(bot.execute(AddType(name="x")))
    await asyncio.wait([execution], timeout=2 * outcomes.LITTLE_PATIENCE)
    assert not execution.done()
    execution.cancel()


async def test_patience_may_be_limited_for_one_command(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(outcomes, "PATIENCE", 60.0)
    bot, _ = await bench.bot(caused_by("limited"))
    async with asyncio.timeout(outcomes.PATIENCE / 2):
        with pytest.raises(NotInTime):
            await bot.execute(AddType(name="x"), patience=0.1)


async def test_an_outcome_that_comes_as_patience_ends_is_not_lost(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(outcomes, "PATIENCE", 0.05)
    _, waiting = await bench.bot(caused_by("last-moment"))
    with waiting.expecting("last-1", "documents") as expected:
        taking = asyncio.create_task(waiting.take(expected))
        await asyncio.sleep(0)  # it waits now
        # A loop that was busy finds both at once: the time is up, and the outcome is there.
        asyncio.get_running_loop().call_later(0.04, expected.future.set_result, b"done")
        time.sleep(0.1)  # noqa: ASYNC251 # the busy loop
        assert await taking == b"done"
