"""How a message dies that nobody lives to settle, and who is told of a death."""

from dataclasses import replace

import pytest
from msgspec import structs
from nats.aio.msg import Msg

from bus import CommandFailed
from bus.delivery import Delivery
from bus.encoding import decode
from bus.middleware.publishing import tell_of_death
from bus.middleware.retry import DELIVERIES_AT_MOST, IN_ORDER_DELIVERIES_AT_MOST
from bus.worker import READINGS_MORE, Worker
from contracts.documents import AddType, TypeAdded
from contracts.notices import CommandBuried
from tests.bus.bench import CAUSE, STORAGE, Bench, caused_by
from tests.bus.handlers import add_type, type_added
from tests.bus.waiting import eventually, running


async def deliver(bench: Bench, *, times: int) -> None:
    """Have one message delivered so often, and nobody settle it."""
    link = await bench.link("storage")
    subscription = await link.jetstream.pull_subscribe_bind(STORAGE.name, stream=STORAGE.stream)
    for _ in range(times):
        (message,) = await subscription.fetch(1, timeout=60)
        await message.nak()
    await subscription.unsubscribe()


async def test_what_kills_its_process_where_order_matters_is_dead_sooner(bench: Bench) -> None:
    await bench.send(AddType(name="x"), "killer-2", Asker="bot-that-waits")
    await deliver(bench, times=IN_ORDER_DELIVERIES_AT_MOST)

    worker = await bench.worker(add_type, consumer=replace(STORAGE, in_order=True))
    async with running(worker.run):
        dead = await bench.dead_letter()
    assert dead.headers is not None
    assert dead.headers["Dead-Reason"].startswith("NeverSettled")
    assert await bench.count("NOTICES") == 1  # who asked is told, too


async def test_a_message_that_even_kills_who_reads_it_is_dead_in_the_end(bench: Bench) -> None:
    await bench.send(AddType(name="x"), "killer-3")
    await deliver(bench, times=DELIVERIES_AT_MOST + READINGS_MORE)
    readings = 0

    def read(message: Msg) -> Delivery:
        nonlocal readings
        readings += 1
        raise AssertionError("it would kill the process")

    publisher = await bench.publisher("storage")
    worker = Worker(STORAGE, read, await bench.call(), publisher)
    async with running(worker.run):
        dead = await bench.dead_letter()
    assert dead.headers is not None
    assert dead.headers["Dead-Reason"].startswith("NeverSettled")
    assert readings == 0


async def test_a_message_that_kills_its_process_again_and_again_is_dead(bench: Bench) -> None:
    await bench.send(AddType(name="x"), "killer-1")
    await deliver(bench, times=DELIVERIES_AT_MOST)

    worker = await bench.worker(add_type)
    async with running(worker.run):
        await eventually(lambda: bench.count("DEAD"))
        await eventually(lambda: bench.is_empty("COMMANDS"))

    (dead,) = await bench.stored("DEAD")
    assert dead.headers is not None
    assert dead.headers["Dead-Attempts"] == str(DELIVERIES_AT_MOST)
    assert dead.headers["Dead-Reason"].startswith("NeverSettled")
    assert await bench.is_empty("EVENTS")


async def test_who_waits_for_a_command_that_cannot_be_read_is_told_so(bench: Bench) -> None:
    _, waiting = await bench.bot(caused_by("unreadable"))
    worker = await bench.worker(add_type)
    with waiting.expecting("unreadable-1", "documents") as expected:
        headers = CAUSE.caused("unreadable-1").headers() | {"Asker": waiting.asker}
        trace = "4bf92f3577b34da6a3ce929d0e0e4736"
        headers["traceparent"] = f"00-{trace}-00f067aa0ba902b7-01"
        operator = (await bench.link("operator")).client
        await operator.publish("command.documents.add_type", b"of a later version", headers=headers)
        async with running(worker.run):
            with pytest.raises(CommandFailed) as failed:
                await waiting.take(expected)
            dead = await bench.dead_letter()

    assert failed.value.code == trace  # the trace of the press, under which all is found
    assert dead.headers is not None
    assert trace in dead.headers["traceparent"]


async def test_who_was_promised_a_late_outcome_is_told_of_its_death(bench: Bench) -> None:
    publisher = await bench.publisher("notifier")
    late = CAUSE.caused("c-9").caused("c-9-late")
    subject = "late.documents.type_added.documents.1001"
    await tell_of_death(publisher, subject, late)

    (notice,) = await bench.stored("NOTICES")
    buried = decode(CommandBuried, notice.data or b"")
    assert (buried.app, buried.chat_id, buried.key) == ("documents", 1001, "c-9")


async def test_a_command_may_tell_of_its_death_only(bench: Bench) -> None:
    async def add_type(command: AddType) -> TypeAdded:
        if command.name == "dies":
            raise ZeroDivisionError("a bug")
        return type_added(command.name)

    bot, _ = await bench.bot(caused_by("of-death"))
    worker = await bench.worker(add_type)
    async with running(worker.run):
        await bot.send(AddType(name="lives"), tell_of_death=True)
        await bot.send(AddType(name="dies"), tell_of_death=True)
        await bench.dead_letter()

    assert await bench.count("EVENTS") == 1
    assert await bench.is_empty("LATE")
    (notice,) = await bench.stored("NOTICES")
    assert decode(CommandBuried, notice.data or b"").key == "of-death-2"


@pytest.mark.parametrize("subject", ["event.documents.type_added", "update.1.documents.1001"])
async def test_of_other_deaths_nobody_is_told_by_the_bus(bench: Bench, subject: str) -> None:
    publisher = await bench.publisher("storage")
    await tell_of_death(publisher, subject, structs.replace(CAUSE, asker="bot-that-waits"))
    assert await bench.is_empty("NOTICES")


async def test_a_message_that_is_buried_again_after_a_crash_lies_in_dead_once(bench: Bench) -> None:
    worker = await bench.worker(add_type)
    await bench.send_bytes("command.documents.add_type", b"no JSON", CAUSE.headers())
    link = await bench.link("storage")
    subscription = await link.jetstream.pull_subscribe_bind(STORAGE.name, stream=STORAGE.stream)
    (message,) = await subscription.fetch(1, timeout=60)
    await subscription.unsubscribe()
    await worker._bury(message, ValueError("and then its process died"))
    await message.nak()
    async with running(worker.run):
        await eventually(lambda: bench.is_empty("COMMANDS"))
    assert await bench.count("DEAD") == 1
