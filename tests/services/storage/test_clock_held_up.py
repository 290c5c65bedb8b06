"""Rows that the clock cannot publish: none holds up another for good, none is lost."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import pytest_asyncio
from nats.js.api import PubAck, RawStreamMsg
from opentelemetry.trace import NoOpTracer
from pydantic import SecretStr
from sqlalchemy import delete, insert, select

from bus import NotPublished
from bus.connection import Link, connect
from bus.provision import provision
from bus.publisher import Publisher
from bus.topology import STREAMS
from database.scheduled import Scheduled
from services.discovery import consumers
from services.storage import clock as clocks
from services.storage.clock import BATCH, IN_FLIGHT, Clock
from tests.services.acting import Databases
from tests.services.storage.delivering import new_message_id

LONG = 60.0
PAST = datetime(2020, 1, 1, tzinfo=UTC)
COMMAND = {"type": "DiscardUpload", "upload_id": "u"}
SUBJECT = "command.files.discard_upload"


@pytest_asyncio.fixture(loop_scope="session")
async def operator(migrated: dict[str, str], databases: Databases) -> AsyncIterator[Link]:
    """Somebody who may do everything, once nothing is scheduled or published any more."""
    async with databases.storage.begin() as db:
        await db.execute(delete(Scheduled))
    seed = SecretStr(migrated["NATS_SEED_OPERATOR"])
    await provision(migrated["NATS_URL"], seed, consumers())
    async with connect(migrated["NATS_URL"], "operator", seed) as link:
        for stream in ("COMMANDS", "DEAD"):
            await link.jetstream.purge_stream(stream)
        yield link
        await link.jetstream.update_stream(STREAMS["COMMANDS"])


@pytest_asyncio.fixture(loop_scope="session")
async def clock(migrated: dict[str, str], databases: Databases) -> AsyncIterator[Clock]:
    """A clock of storage."""
    seed = SecretStr(migrated["NATS_SEED_STORAGE"])
    async with connect(migrated["NATS_URL"], "storage", seed) as link:
        yield Clock(databases.storage, Publisher(link, NoOpTracer()))


async def schedule(
    databases: Databases, key: str, place: int, subject: str = SUBJECT, actor: str = "1@documents"
) -> None:
    """Write a row as nobody does today, but an older or a newer version might have."""
    row = {"due_at": PAST + timedelta(seconds=place), "command_subject": subject, "actor": actor}
    async with databases.storage.begin() as db:
        db.add(Scheduled(key=key, command=COMMAND, **row))


async def keys(databases: Databases) -> list[str]:
    """Return what is still to come, in its order."""
    async with databases.storage() as db:
        return list(await db.scalars(select(Scheduled.key).order_by(Scheduled.due_at)))


async def stored(operator: Link, stream: str) -> list[RawStreamMsg]:
    """Return what a stream holds."""
    state = (await operator.jetstream.stream_info(stream)).state
    numbers = range(state.first_seq, state.last_seq + 1)
    return [await operator.jetstream.get_msg(stream, number) for number in numbers]


@pytest.mark.parametrize(
    "broken", [{"subject": "command.files. a b"}, {"actor": "nobody that was"}], ids=str
)
async def test_a_row_that_can_never_be_published_is_buried_and_the_others_are_published(
    broken: dict[str, str], clock: Clock, operator: Link, databases: Databases
) -> None:
    await schedule(databases, "first", 1)
    key = new_message_id()  # DEAD keeps what is buried again once
    await schedule(databases, key, 2, **broken)
    await schedule(databases, "last", 3)

    assert await clock.publish_due() == 3

    assert await keys(databases) == []
    ids = [(each.headers or {})["Message-Id"] for each in await stored(operator, "COMMANDS")]
    assert [message_id.partition("@")[0] for message_id in ids] == ["first", "last"]
    (dead,) = await stored(operator, "DEAD")
    assert dead.headers is not None
    assert dead.headers["Message-Id"].startswith(f"{key}@")
    assert dead.headers["Dead-Reason"]


async def test_what_was_published_before_the_bus_took_no_more_is_not_published_again(
    clock: Clock, operator: Link, databases: Databases
) -> None:
    for place in range(3):
        await schedule(databases, f"row-{place}", place)
    full = STREAMS["COMMANDS"].evolve(max_msgs=1)
    await operator.jetstream.update_stream(full)

    with pytest.raises(NotPublished):
        await clock.publish_due()
    assert await keys(databases) == ["row-1", "row-2"]

    await operator.jetstream.update_stream(STREAMS["COMMANDS"])
    assert await clock.publish_due() == 2
    assert await keys(databases) == []
    assert len(await stored(operator, "COMMANDS")) == 3


async def test_very_many_that_are_due_at_once_all_come_once(
    clock: Clock, operator: Link, databases: Databases, monkeypatch: pytest.MonkeyPatch
) -> None:
    """More than a batch, and more than are in flight together."""
    for patience in ("PUBLISH_DEADLINE", "BATCH_SECONDS"):
        monkeypatch.setattr(clocks, patience, LONG)  # a busy disk holds up nothing here
    number = BATCH + IN_FLIGHT + 1
    rows = [
        {
            "key": f"many-{place}",
            "due_at": PAST,
            "command": COMMAND,
            "command_subject": SUBJECT,
            "actor": "1@documents",
        }
        for place in range(number)
    ]
    async with databases.storage.begin() as db:
        await db.execute(insert(Scheduled), rows)

    published = 0
    while some := await clock.publish_due():
        assert some <= BATCH
        published += some

    assert published == number
    assert await keys(databases) == []
    state = (await operator.jetstream.stream_info("COMMANDS")).state
    assert state.messages == number
    ids = {(each.headers or {})["Message-Id"] for each in await stored(operator, "COMMANDS")}
    assert len(ids) == number


@dataclass(frozen=True, slots=True)
class Dying(Publisher):
    """Publishes so many messages before the process is gone."""

    left: list[int] = field(default_factory=list)

    async def publish(self, *said: Any, **how: Any) -> PubAck:
        """Publish, unless this is where it ends."""
        if not self.left:
            raise Crash
        self.left.pop()
        return await Publisher.publish(self, *said, **how)


class Crash(Exception):
    """The process is gone at this point."""


async def test_a_copy_that_dies_leaves_its_rows_which_come_again_under_the_same_ids(
    clock: Clock, operator: Link, databases: Databases
) -> None:
    for place in range(5):
        await schedule(databases, f"row-{place}", place)
    publisher = Dying(clock.publisher.link, clock.publisher.tracer, left=[0, 0])

    with pytest.raises(ExceptionGroup) as died:
        await Clock(databases.storage, publisher).publish_due()

    assert died.group_contains(Crash)
    assert len(await keys(databases)) == 5
    assert await clock.publish_due() == 5
    ids = [(each.headers or {})["Message-Id"] for each in await stored(operator, "COMMANDS")]
    assert len(ids) > len(set(ids)) == 5
