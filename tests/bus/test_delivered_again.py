"""A message that the server delivers again, although it is in hand, is handled once."""

import asyncio

import pytest
from nats.aio.msg import Msg

from bus import consumer as pulling
from bus.consumer import PullLoop
from bus.errors import Forfeited
from bus.hand import Hand
from contracts.documents import AddType
from tests.bus.bench import STORAGE, Bench
from tests.bus.redelivery import hear_again_after, was_delivered_again
from tests.bus.waiting import eventually, running


async def test_a_message_delivered_again_while_it_is_in_hand_is_handled_once(
    bench: Bench,
) -> None:
    await hear_again_after(bench, seconds=0.3)
    seen = 0
    go_on = asyncio.Event()

    async def handle_without_heartbeat(message: Msg) -> None:
        nonlocal seen
        seen += 1
        await go_on.wait()
        await message.ack()

    link = await bench.link("storage")
    loop = PullLoop(link, STORAGE.stream, STORAGE.name, handle_without_heartbeat, Hand())
    async with running(loop.run):
        await bench.send(AddType(name="x"), "again-1")
        await eventually(lambda: was_delivered_again(bench))
        go_on.set()
        await eventually(lambda: bench.is_empty("COMMANDS"))
    assert seen == 1


async def test_a_message_delivered_again_is_handled_where_the_first_handling_is_forfeited(
    bench: Bench,
) -> None:
    await hear_again_after(bench, seconds=0.3)
    seen: list[int] = []
    go_on = asyncio.Event()

    async def forfeit_the_first(message: Msg) -> None:
        seen.append(message.metadata.num_delivered or 0)
        if len(seen) == 1:
            await go_on.wait()
            raise Forfeited("as if it had been frozen")
        await message.ack()

    link = await bench.link("storage")
    loop = PullLoop(link, STORAGE.stream, STORAGE.name, forfeit_the_first, Hand())
    async with running(loop.run):
        await bench.send(AddType(name="x"), "forfeited-1")
        await eventually(lambda: was_delivered_again(bench))
        await hear_again_after(bench, seconds=600)  # the server itself delivers it no more
        go_on.set()
        await eventually(lambda: bench.is_empty("COMMANDS"))
    assert seen[0] == 1
    assert len(seen) == 2


async def test_at_the_stop_a_message_delivered_again_is_given_back_and_not_begun(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pulling, "FINISH_WITHIN", 0.1)
    await hear_again_after(bench, seconds=0.3)
    seen: list[int] = []

    async def forfeit_at_the_stop(message: Msg) -> None:
        seen.append(message.metadata.num_delivered or 0)
        try:
            await asyncio.Event().wait()
        except asyncio.CancelledError:
            raise Forfeited("as if it had been frozen") from None

    link = await bench.link("storage")
    loop = PullLoop(link, STORAGE.stream, STORAGE.name, forfeit_at_the_stop, Hand())
    async with running(loop.run):
        await bench.send(AddType(name="x"), "left-1")
        await eventually(lambda: was_delivered_again(bench))
    assert seen == [1]
