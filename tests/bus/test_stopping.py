"""Copies that stop keep nothing from those that go on, whoever's account they are in."""

import pytest
from nats.aio.msg import Msg
from nats.js.api import ConsumerConfig

from bus.consumer import PullLoop
from bus.hand import Hand
from bus.topology import ACK_WAIT, Consumer, update_consumers
from services.discovery import told
from tests.bus.bench import STORAGE, Bench
from tests.bus.waiting import eventually, running

BODIES = [b"{}", b"", b"{}", b"", b"", b"{}"]


@pytest.mark.parametrize("user", ["storage", "bot"], ids=["streams' own account", "another"])
async def test_copies_that_stop_withhold_nothing_from_others(bench: Bench, user: str) -> None:
    consumer = STORAGE if user == "storage" else update_consumers("documents")[0]
    operator = await bench.link("operator")
    for withheld_for in (3600.0, ACK_WAIT):  # longer than anybody waits, and then as it was
        withholding: ConsumerConfig = consumer.config().evolve(ack_wait=withheld_for)
        await operator.jetstream.add_consumer(consumer.stream, withholding)
        if withheld_for > ACK_WAIT:
            await stop_and_start(bench, user, consumer)


async def stop_and_start(bench: Bench, user: str, consumer: Consumer) -> None:
    """Have copies work in turn for a moment each, until all is done."""
    subjects = ["command.documents.add_type", *(f"update.documents.{n}" for n in range(1, 40))]
    subjects = [each for each in subjects if each.startswith(consumer.stream.lower()[:-1])]
    link, done = await bench.another_link(user), 0
    operator = await bench.link("operator")

    async def see(message: Msg) -> None:
        nonlocal done
        done += 1
        await message.ack()

    async def is_done() -> bool:
        info = await operator.jetstream.consumer_info(consumer.stream, consumer.name)
        return not (info.num_pending or info.num_ack_pending)

    for _ in range(8):
        hand = Hand(consumer.name, 1 if consumer.in_order else 8)
        copy = PullLoop(link, consumer.stream, consumer.name, see, hand)
        async with running(copy.run):
            before = done
            for n in range(40):
                await operator.client.publish(subjects[n % len(subjects)], b"{}")

            async def has_begun(before: int = before) -> bool:
                return done > before

            await eventually(has_begun)
    async with running(PullLoop(link, consumer.stream, consumer.name, see).run):
        await eventually(is_done)


async def test_a_message_with_nothing_in_it_delays_none_after_it(bench: Bench) -> None:
    consumer = told("documents")[0]
    operator = await bench.link("operator")
    seen: list[bytes] = []

    async def see(message: Msg) -> None:
        seen.append(message.data)
        await message.ack()

    async def were_seen() -> bool:
        return len(seen) == 2 * len(BODIES)

    withholding: ConsumerConfig = consumer.config().evolve(ack_wait=3600.0)
    await operator.jetstream.add_consumer(consumer.stream, withholding)
    link = await bench.another_link("notifier")
    async with running(PullLoop(link, consumer.stream, consumer.name, see, Hand()).run):
        for body in 2 * BODIES:
            before, listening = len(seen), set(link.client._subs)
            subject = "late.documents.type_added.documents.1001"
            await operator.jetstream.publish(subject, body)

            async def was_seen(before: int = before) -> bool:
                return len(seen) > before

            async def has_moved(listening: set[int] = listening) -> bool:
                return bool(listening - set(link.client._subs))

            await eventually(was_seen)
            if not body:  # what comes before the server knows of the move is delivered again later
                await eventually(has_moved)
                await link.client.flush()
        await eventually(were_seen)
    await operator.jetstream.add_consumer(consumer.stream, consumer.config())
