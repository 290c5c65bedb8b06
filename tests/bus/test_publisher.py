"""Publishing returns when a stream has the message: once, over restarts, or not at all."""

import asyncio

import pytest

from bus import NotPublished
from bus.errors import StreamRefused
from bus.topology import STREAMS
from tests.bus.bench import CAUSE, Bench
from tests.bus.waiting import eventually

SUBJECT = "command.documents.add_type"


async def test_the_acknowledgement_is_returned(bench: Bench) -> None:
    publisher = await bench.publisher("bot")

    acknowledged = await publisher.publish(SUBJECT, b"{}", CAUSE.headers(), deadline=5)

    (stored,) = await bench.stored("COMMANDS")
    assert (acknowledged.stream, acknowledged.seq) == ("COMMANDS", stored.seq)
    assert stored.headers is not None
    assert "Nats-Msg-Id" not in stored.headers


async def test_a_repeated_id_is_stored_once(bench: Bench) -> None:
    publisher = await bench.publisher("gateway")
    for _ in range(2):
        again = await publisher.publish("update.documents.1001", b"{}", {}, deduplicate="same")

    assert again.duplicate
    assert await bench.count("UPDATES") == 1


async def test_publishing_outlasts_a_restart_and_stores_each_message_once(bench: Bench) -> None:
    publisher = await bench.publisher("gateway")
    await bench.servers.stop("nats")
    publishing = [
        asyncio.create_task(
            publisher.publish("update.documents.1001", b"%d" % n, {}, deduplicate=f"restart-{n}")
        )
        for n in range(20)
    ]
    await bench.servers.start("nats")
    async with asyncio.timeout(60):
        await asyncio.gather(*publishing)

    stored = await bench.stored("UPDATES")
    assert sorted(int(message.data or b"") for message in stored) == list(range(20))


async def test_a_restart_in_the_middle_loses_nothing(bench: Bench) -> None:
    publisher = await bench.publisher("gateway")
    done = 0

    async def publish_all() -> None:
        nonlocal done
        for n in range(120):
            await publisher.publish("update.documents.7", b"%d" % n, {}, deduplicate=f"middle-{n}")
            done += 1

    async def some_are_done() -> bool:
        return done >= 20

    publishing = asyncio.create_task(publish_all())
    await eventually(some_are_done)
    await bench.servers.stop("nats")
    await bench.servers.start("nats")
    async with asyncio.timeout(60):
        await publishing

    stored = [int(message.data or b"") for message in await bench.stored("UPDATES")]
    assert stored == list(range(120))


async def test_the_deadline_ends_the_waiting(bench: Bench) -> None:
    publisher = await bench.publisher("bot")
    await bench.servers.stop("nats")
    try:
        with pytest.raises(NotPublished, match=f"no acknowledgement for {SUBJECT}"):
            await publisher.publish(SUBJECT, b"{}", {}, deadline=0.5)
    finally:
        await bench.servers.start("nats")


async def test_nothing_can_be_published_on_a_closed_connection(bench: Bench) -> None:
    publisher = await bench.publisher("bot")
    await publisher.link.client.close()
    with pytest.raises(NotPublished, match="connection closed"):
        await publisher.publish(SUBJECT, b"{}", {})


async def test_a_message_over_the_servers_limit_is_refused_for_good(bench: Bench) -> None:
    publisher = await bench.publisher("bot")
    with pytest.raises(StreamRefused, match="maximum payload"):
        await publisher.publish(SUBJECT, b"x" * (1024 * 1024 + 1), {}, deadline=5)


@pytest.mark.parametrize("subject", ["", "command.with space.x"])
async def test_a_subject_that_is_none_is_refused_for_good(bench: Bench, subject: str) -> None:
    publisher = await bench.publisher("bot")
    with pytest.raises(StreamRefused):
        await publisher.publish(subject, b"x", {}, deadline=5)


async def test_what_a_stream_says_is_wrong_is_refused_for_good(bench: Bench) -> None:
    publisher = await bench.publisher("bot")
    headers = {"Nats-Expected-Stream": "EVENTS"}
    with pytest.raises(StreamRefused, match="expected stream does not match"):
        await publisher.publish(SUBJECT, b"x", headers, deadline=5)


async def test_a_full_stream_is_waited_for(bench: Bench) -> None:
    operator, publisher = await bench.link("operator"), await bench.publisher("bot")
    await publisher.publish(SUBJECT, b"the only one", {})
    full = STREAMS["COMMANDS"].evolve(max_msgs=1)
    await operator.jetstream.update_stream(full)
    try:
        with pytest.raises(NotPublished):
            await publisher.publish(SUBJECT, b"not yet", {}, deadline=0.5)
        waiting = asyncio.create_task(publisher.publish(SUBJECT, b"the next", {}))
        await operator.jetstream.purge_stream("COMMANDS")
        async with asyncio.timeout(60):
            await waiting
    finally:
        await operator.jetstream.update_stream(STREAMS["COMMANDS"].evolve(max_msgs=-1))

    (stored,) = await bench.stored("COMMANDS")
    assert stored.data == b"the next"


async def test_a_missing_stream_is_waited_for(bench: Bench) -> None:
    operator = await bench.publisher("operator")
    with pytest.raises(NotPublished):
        await operator.publish("nowhere", b"x", {}, deadline=0.3)
