"""Looking at the bus: what is found, what is not heard, and a bus that goes away."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import suppress

import pytest
import pytest_asyncio

from bus.inspection import BusFigures, BusWatch
from bus.listing import StreamFigures
from bus.rates import NAMES_AT_MOST, Rates
from bus.topology import STREAMS
from contracts.documents import AddType, ListTypes
from tests.bus.asking import answering, list_types
from tests.bus.bench import Bench
from tests.bus.waiting import eventually

PRIVATE = "what nobody else should read"


@pytest_asyncio.fixture
async def watch(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[BusWatch]:
    """The playground's look at the bus, anew each time."""
    monkeypatch.setattr("bus.inspection.LOOKED_AT_MOST_EVERY", 0)
    watch = BusWatch(bench.url, "playground", bench.seed("playground"))
    running = asyncio.create_task(watch.run())
    await eventually(watch.look)
    yield watch
    running.cancel()
    with suppress(asyncio.CancelledError):
        await running


async def _look(watch: BusWatch) -> BusFigures:
    figures = await watch.look()
    assert figures is not None
    return figures


def _stream(figures: BusFigures, name: str) -> StreamFigures:
    return next(stream for stream in figures.streams if stream.name == name)


async def _total(watch: BusWatch, subject: str) -> int:
    figures = await _look(watch)
    return next((found.total for found in figures.subjects if found.subject == subject), 0)


async def test_streams_consumers_and_subjects_are_counted(bench: Bench, watch: BusWatch) -> None:
    for number in range(3):
        await bench.send(AddType(name=PRIVATE), f"c-{number}")
    await bench.send_bytes("update.documents.1001", b"{}", {})
    await eventually(lambda: _total(watch, "update.documents.{chat}"))
    figures = await _look(watch)
    assert [stream.name for stream in figures.streams] == list(STREAMS)
    commands = _stream(figures, "COMMANDS")
    assert (commands.messages, commands.bytes > 0) == (3, True)
    assert commands.first is not None
    assert commands.last is not None
    assert commands.first <= commands.last
    lag = {consumer.name: consumer.num_pending for consumer in commands.consumers}
    assert lag["storage-documents"] == 3
    assert _stream(figures, "DEAD").first is None
    subjects = {found.subject: found.total for found in figures.subjects}
    assert subjects["command.documents.add_type"] == 3
    assert PRIVATE not in repr(figures)


async def test_questions_are_counted_without_being_heard(bench: Bench, watch: BusWatch) -> None:
    bot, _ = await bench.bot()
    async with answering(bench, list_types):
        assert await _total(watch, "query.documents.list_types") == 0
        for _ in range(2):
            await bot.ask(ListTypes())

        async def counted() -> bool:
            return await _total(watch, "query.documents.list_types") == 2

        await eventually(counted)


async def test_a_bus_that_is_away_is_waited_for(bench: Bench, watch: BusWatch) -> None:
    async def is_away() -> bool:
        return await watch.look() is None

    await bench.servers.stop("nats")
    try:
        await eventually(is_away)
    finally:
        await bench.servers.start("nats")
    await eventually(watch.look)
    await bench.send(AddType(name="x"), "c-after")
    await eventually(lambda: _total(watch, "command.documents.add_type"))


async def test_many_windows_are_one_question(bench: Bench, watch: BusWatch) -> None:
    first = await _look(watch)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("bus.inspection.LOOKED_AT_MOST_EVERY", 60)
        again = await asyncio.gather(*(_look(watch) for _ in range(5)))
    assert len({id(figures) for figures in [first, *again]}) == 1


def test_rates_are_kept_for_a_minute() -> None:
    now = 1000.5
    rates = Rates(lambda: now)
    rates.count("a")
    rates.count("a", 2)
    assert rates.last_minute("a") == [0] * 60
    now += 1
    assert rates.last_minute("a")[-3:] == [0, 0, 3]
    now += 58
    assert rates.last_minute("a")[:2] == [0, 3]
    now += 2
    assert sum(rates.last_minute("a")) == 0
    assert rates.total("a") == 3


def test_names_without_end_are_not_kept() -> None:
    rates = Rates()
    for number in range(NAMES_AT_MOST + 10):
        rates.count(f"forged.{number}")
    assert len(list(rates.names())) == NAMES_AT_MOST
