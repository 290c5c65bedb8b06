"""The clock publishes what is due, once, and keeps what it cannot publish."""

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
import pytest_asyncio
from nats.js.api import RawStreamMsg
from opentelemetry.trace import NoOpTracer
from pydantic import SecretStr
from sqlalchemy import delete, select, text

from bus import Actor, NotPublished
from bus.connection import connect
from bus.provision import provision
from bus.publisher import Publisher
from contracts.files import DiscardUpload
from database.scheduled import Scheduled
from services.discovery import consumers
from services.life import Life
from services.storage import clock as clocks
from services.storage.clock import Clock
from services.storage.schedule import Schedule
from switchboard.local.servers import LocalServers
from tests.bus.waiting import eventually
from tests.services.acting import Databases

PAST = datetime(2020, 1, 1, tzinfo=UTC)
SUBJECT = "command.files.discard_upload"
END_OTHER_CONNECTIONS = """
    SELECT pg_terminate_backend(pid) FROM pg_stat_activity
    WHERE usename = current_user AND pid <> pg_backend_pid()
"""


@pytest_asyncio.fixture(loop_scope="session")
async def publisher(migrated: dict[str, str]) -> AsyncIterator[Publisher]:
    """Storage's way to the bus."""
    url = migrated["NATS_URL"]
    seed = SecretStr(migrated["NATS_SEED_STORAGE"])
    async with connect(url, "storage", seed) as link:
        yield Publisher(link, NoOpTracer())


@pytest_asyncio.fixture(loop_scope="session")
async def nothing_scheduled(databases: Databases, migrated: dict[str, str]) -> None:
    """Whatever other tests scheduled is gone, and so is what was published."""
    async with databases.storage.begin() as db:
        await db.execute(delete(Scheduled))
    seed = SecretStr(migrated["NATS_SEED_OPERATOR"])
    await provision(migrated["NATS_URL"], seed, consumers())
    async with connect(migrated["NATS_URL"], "operator", seed) as operator:
        await operator.jetstream.purge_stream("COMMANDS")


pytestmark = pytest.mark.usefixtures("nothing_scheduled")


async def schedule(databases: Databases, key: str, due_at: datetime, upload: str = "u") -> None:
    async with databases.storage.begin() as db:
        await Schedule(db, Actor(1001, "documents"))(key, due_at, DiscardUpload(upload_id=upload))


async def keys(databases: Databases) -> set[str]:
    """Return the keys of what is still to come."""
    async with databases.storage() as db:
        return set(await db.scalars(select(Scheduled.key)))


async def published(settings: dict[str, str]) -> list[RawStreamMsg]:
    """Return the commands on the bus."""
    seed = SecretStr(settings["NATS_SEED_OPERATOR"])
    async with connect(settings["NATS_URL"], "operator", seed) as operator:
        state = (await operator.jetstream.stream_info("COMMANDS")).state
        return [
            await operator.jetstream.get_msg("COMMANDS", number)
            for number in range(state.first_seq, state.last_seq + 1)
        ]


async def test_what_is_due_is_published_as_its_actor_and_gone(
    databases: Databases, publisher: Publisher, migrated: dict[str, str]
) -> None:
    key = f"discard:{uuid4().hex}"
    await schedule(databases, key, PAST, "u-1")

    assert await Clock(databases.storage, publisher).publish_due() == 1

    assert await keys(databases) == set()
    (command,) = await published(migrated)
    assert command.subject == SUBJECT
    assert command.data == b'{"type":"DiscardUpload","upload_id":"u-1"}'
    assert command.headers is not None
    assert command.headers["Actor"] == "1001@documents"
    assert command.headers["Message-Id"].startswith(f"{key}@{int(PAST.timestamp())}")


async def test_what_is_not_due_waits(
    databases: Databases, publisher: Publisher, migrated: dict[str, str]
) -> None:
    await schedule(databases, "later", datetime.now(UTC) + timedelta(hours=1))

    assert await Clock(databases.storage, publisher).publish_due() == 0
    assert await keys(databases) == {"later"}
    assert await published(migrated) == []


async def test_a_moved_command_comes_once_and_a_cancelled_one_never(
    databases: Databases, publisher: Publisher, migrated: dict[str, str]
) -> None:
    await schedule(databases, "moved", PAST, "first")
    await schedule(databases, "moved", PAST + timedelta(hours=1), "second")
    await schedule(databases, "cancelled", PAST)
    async with databases.storage.begin() as db:
        await Schedule(db, None).cancel("cancelled")

    assert await Clock(databases.storage, publisher).publish_due() == 1
    (command,) = await published(migrated)
    assert b'"second"' in bytes(command.data or b"")


async def test_two_clocks_at_the_same_time_publish_each_command_once(
    databases: Databases, publisher: Publisher, migrated: dict[str, str]
) -> None:
    for number in range(80):
        await schedule(databases, f"row-{number}", PAST + timedelta(seconds=number))
    one, other = (Clock(databases.storage, publisher) for _ in range(2))

    while await keys(databases):
        await asyncio.gather(one.publish_due(), other.publish_due())

    ids = [(message.headers or {})["Message-Id"] for message in await published(migrated)]
    assert len(ids) == len(set(ids)) == 80


async def test_the_same_key_at_another_moment_is_another_message(
    databases: Databases, publisher: Publisher, migrated: dict[str, str]
) -> None:
    clock = Clock(databases.storage, publisher)
    for due_at in (PAST, PAST + timedelta(milliseconds=300)):
        await schedule(databases, "again", due_at)
        await clock.publish_due()

    ids = [(message.headers or {})["Message-Id"] for message in await published(migrated)]
    assert len(set(ids)) == 2


async def test_rows_outlast_a_bus_that_is_away(
    databases: Databases,
    publisher: Publisher,
    servers: LocalServers,
    migrated: dict[str, str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(clocks, "PUBLISH_DEADLINE", 0.3)
    monkeypatch.setattr(clocks, "AWAY_PAUSE", 0.05)
    await schedule(databases, "kept", PAST)
    clock, life = Clock(databases.storage, publisher), Life.begin("storage")
    await servers.stop("nats")
    try:
        with pytest.raises(NotPublished):
            await clock.publish_due()
        assert await keys(databases) == {"kept"}
        running = asyncio.create_task(clock.run(life))
    finally:
        await servers.start("nats")
    await eventually(lambda: is_gone(databases))
    life.stopping.set()
    async with asyncio.timeout(60):
        await running
    await life.end()

    # The deadline may have passed while the command was on its way: then it came twice, as one.
    ids = {(message.headers or {})["Message-Id"] for message in await published(migrated)}
    assert len(ids) == 1


async def is_gone(databases: Databases) -> bool:
    return not await keys(databases)


async def test_the_clock_outlasts_a_database_that_is_away(
    databases: Databases, publisher: Publisher, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(clocks, "AWAY_PAUSE", 0.05)
    monkeypatch.setattr(clocks, "TICK", 0.02)
    clock, life = Clock(databases.storage, publisher), Life.begin("storage")
    running = asyncio.create_task(clock.run(life))
    async with databases.storage() as db:
        others = (
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = current_user"
        )
        await db.execute(text(f"{others} AND pid <> pg_backend_pid()"))
    await schedule(databases, "afterwards", PAST)
    await eventually(lambda: is_gone(databases))

    life.stopping.set()
    async with asyncio.timeout(60):
        await running
    await life.end()
