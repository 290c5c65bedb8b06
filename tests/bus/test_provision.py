"""Provisioning makes the server as the table says, and touches nothing that is as it says."""

from typing import Any

import pytest
from nats.js.api import AckPolicy, DiscardPolicy, RetentionPolicy, StorageType
from nats.js.errors import NotFoundError

from bus.provision import provision
from bus.topology import ACK_WAIT, DAY, MAX_IN_HAND, STREAMS, Consumer
from contracts.documents import AddType
from services.discovery import consumers
from tests.bus.bench import STORAGE, Bench

PASSED = Consumer("COMMANDS", "storage-passed", ("command.passed.*",), "An app that is gone")


KNOWN = {
    "UPDATES": {"written-by": "gateway", "read-by": "bot"},
    "COMMANDS": {"written-by": "bot, storage, notifier", "read-by": "storage, files"},
    "EVENTS": {
        "written-by": "storage, notifier, files",
        "read-by": "bot, storage, notifier, files",
    },
    "LATE": {"written-by": "storage, files", "read-by": "notifier"},
    "NOTICES": {"written-by": "bot, storage, notifier, files", "read-by": "notifier"},
    "DEAD": {"written-by": "bot, storage, notifier, files", "read-by": "operator"},
}
"""Who is on either side of a stream, as `nats stream info` shows it."""


async def provisioned(bench: Bench, *further: Consumer) -> list[str]:
    """Provision the system's table, and more than that."""
    return await provision(bench.url, bench.seed("operator"), [*consumers(), *further])


async def test_a_second_run_changes_nothing(bench: Bench) -> None:
    assert await provisioned(bench) == []


async def test_streams_are_as_declared(bench: Bench) -> None:
    jetstream = (await bench.link("operator")).jetstream
    work_queues = {"UPDATES", "COMMANDS", "LATE", "NOTICES"}
    ages = {"EVENTS": 7 * DAY, "DEAD": 30 * DAY}
    assert work_queues | set(ages) == set(STREAMS)
    for name in STREAMS:
        config = (await jetstream.stream_info(name)).config
        assert config.storage == StorageType.FILE
        assert config.discard == (DiscardPolicy.OLD if name == "DEAD" else DiscardPolicy.NEW)
        assert config.max_bytes == (512 if name == "EVENTS" else 256) * 1024 * 1024
        assert config.description
        assert {"owner": "switchboard", **KNOWN[name]}.items() <= (config.metadata or {}).items()
        if name in work_queues:
            assert config.retention == RetentionPolicy.WORK_QUEUE
            assert not config.max_age, "age would delete unhandled work"
        else:
            assert config.retention == RetentionPolicy.LIMITS
            assert config.max_age == ages[name]


async def test_updates_are_spread_over_partitions_by_chat(bench: Bench) -> None:
    gateway = await bench.publisher("gateway")
    for chat in (1, 2, 3, 4, 5, 1, 2, 3):
        await gateway.publish(f"update.documents.{chat}", b"{}", {})

    subjects = [str(message.subject).split(".") for message in await bench.stored("UPDATES")]
    partitions = {(app, chat): int(number) for _, number, app, chat in subjects}
    assert len(partitions) == 5
    assert len({tuple(subject) for subject in subjects}) == 5
    assert set(partitions.values()) <= set(range(8))


async def test_consumers_are_as_declared(bench: Bench) -> None:
    for consumer in consumers():
        await assert_is_as_declared(bench, consumer)


async def assert_is_as_declared(bench: Bench, consumer: Consumer) -> None:
    jetstream = (await bench.link("operator")).jetstream
    config = (await jetstream.consumer_info(consumer.stream, consumer.name)).config
    assert config.ack_policy == AckPolicy.EXPLICIT
    assert config.ack_wait == ACK_WAIT
    assert config.max_deliver == -1
    assert config.max_ack_pending == (1 if consumer.stream == "UPDATES" else MAX_IN_HAND)
    assert config.description == consumer.description
    service, app = consumer.name.split("-")[:2]
    said = {"owner": "switchboard", "service": service, "app": app}
    assert said.items() <= (config.metadata or {}).items()
    heard = config.filter_subjects or [config.filter_subject]
    assert sorted(str(subject) for subject in heard) == sorted(consumer.subjects)


@pytest.mark.parametrize(
    "drift",
    [{"ack_wait": 99}, {"max_ack_pending": 3}, {"description": "?"}, {"max_deliver": 5}],
    ids=str,
)
async def test_a_drifted_consumer_is_repaired(bench: Bench, drift: dict[str, Any]) -> None:
    jetstream = (await bench.link("operator")).jetstream
    drifted = STORAGE.config().evolve(
        filter_subjects=list(next(c for c in consumers() if c.name == STORAGE.name).subjects),
        **drift,
    )
    await jetstream.add_consumer(STORAGE.stream, drifted)

    assert f"consumer COMMANDS {STORAGE.name} updated" in await provisioned(bench)
    assert await provisioned(bench) == []


async def test_a_drifted_stream_is_repaired(bench: Bench) -> None:
    jetstream = (await bench.link("operator")).jetstream
    await jetstream.update_stream(STREAMS["EVENTS"].evolve(max_age=3 * DAY, description="?"))

    assert await provisioned(bench) == ["stream EVENTS updated"]
    assert await provisioned(bench) == []


async def test_an_older_installation_gets_its_descriptions(bench: Bench) -> None:
    jetstream = (await bench.link("operator")).jetstream
    said_before = {"owner": "switchboard"}
    older = STREAMS["LATE"].evolve(metadata=said_before, description="Outcomes")
    await jetstream.update_stream(older)
    consumer = next(each for each in consumers() if each.stream == "LATE")
    await jetstream.add_consumer("LATE", consumer.config().evolve(metadata=said_before))

    changes = await provisioned(bench)
    assert changes == ["stream LATE updated", f"consumer LATE {consumer.name} updated"]
    await assert_is_as_declared(bench, consumer)
    assert await provisioned(bench) == []


async def test_a_consumer_keeps_its_work_when_it_hears_more(bench: Bench) -> None:
    await bench.send(AddType(name="x"), "kept-1")
    jetstream = (await bench.link("operator")).jetstream
    await jetstream.add_consumer(STORAGE.stream, STORAGE.config())

    assert await provisioned(bench) == [f"consumer COMMANDS {STORAGE.name} updated"]
    assert (await jetstream.consumer_info(STORAGE.stream, STORAGE.name)).num_pending == 1


async def test_a_consumer_that_left_the_table_is_removed(bench: Bench) -> None:
    await provisioned(bench, PASSED)
    assert await provisioned(bench) == ["consumer COMMANDS storage-passed removed"]
    jetstream = (await bench.link("operator")).jetstream
    with pytest.raises(NotFoundError):
        await jetstream.consumer_info("COMMANDS", PASSED.name)


async def test_a_consumer_that_left_the_table_stays_while_it_holds_work(bench: Bench) -> None:
    await provisioned(bench, PASSED)
    await bench.send_bytes("command.passed.do", b"{}", {})
    assert await provisioned(bench) == []

    jetstream = (await bench.link("operator")).jetstream
    subscription = await jetstream.pull_subscribe_bind(PASSED.name, stream="COMMANDS")
    (message,) = await subscription.fetch(1, timeout=60)
    assert await provisioned(bench) == [], "it is in somebody's hand"

    await message.ack_sync()
    assert await provisioned(bench) == ["consumer COMMANDS storage-passed removed"]


async def test_what_others_made_is_left_alone(bench: Bench) -> None:
    jetstream = (await bench.link("operator")).jetstream
    theirs = Consumer("EVENTS", "somebodys", ("event.>",), "Somebody's own").config()
    await jetstream.add_consumer("EVENTS", theirs.evolve(metadata={"owner": "somebody"}))

    assert await provisioned(bench) == []
    await jetstream.delete_consumer("EVENTS", "somebodys")
