"""A power cut takes nothing that was acknowledged: not by NATS, PostgreSQL or Redis as we set them.

Their data is on a disk of its own, an image. Copied while it is mounted, the image is what the
disk held at that instant: all that only the kernel's memory knew is missing, as after a power cut.
"""

import asyncio
import subprocess
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import asyncpg
import pytest
import redis.asyncio
from nats.js.errors import NotFoundError
from opentelemetry.trace import NoOpTracer
from pydantic import SecretStr
from sqlalchemy import make_url

import switchboard.local.nats
from bus.connection import connect
from bus.publisher import Publisher
from bus.server_config import nats_config
from services.discovery import all_apps
from switchboard.errors import Trouble
from switchboard.local.server import Program
from switchboard.local.servers import LocalServers, local_servers
from tests.processes.conftest import prepare

SIZE = 4 * 1024**3
"""Bytes; the streams reserve much of it, and the file is sparse."""
MOUNTED = "loop,commit=300"
"""The kernel writes out by itself only every five minutes: what is there was asked for."""
WRITERS = 6
WRITTEN_AT_LEAST, WRITTEN_AT_MOST = 600, 2400
"""By each server before the cut."""
SUBJECT = "event.documents.type_added"
COMMAND_SECONDS = 60

Write = Callable[[str], Awaitable[object]]


@pytest.fixture
def disk(scratch: Path) -> Iterator["Disk"]:
    """An empty disk; skips with the reason where none can be mounted."""
    try:
        command("mkfs.ext4", "-q", "-F", str(empty_file(scratch / "disk.img")))
        with mounted(scratch / "disk.img", scratch / "disk") as where:
            yield Disk(scratch, where)
    except NotPossible as error:
        pytest.skip(f"no disk to cut the power of: {error}")


def empty_file(path: Path) -> Path:
    """Make the file that the disk is."""
    with path.open("wb") as file:
        file.truncate(SIZE)
    return path


class NotPossible(Exception):
    """This machine mounts no images: it needs root, loop devices and mkfs.ext4."""


def command(*words: str) -> None:
    """Run a command; raises NotPossible with what it said."""
    try:
        subprocess.run(words, check=True, capture_output=True, timeout=COMMAND_SECONDS)
    except FileNotFoundError:
        raise NotPossible(f"{words[0]} is not installed") from None
    except subprocess.CalledProcessError as error:
        raise NotPossible(f"{' '.join(words)}: {error.stderr.decode().strip()}") from None


@contextmanager
def mounted(image: Path, where: Path) -> Iterator[Path]:
    """Mount an image."""
    where.mkdir()
    command("mount", "-o", MOUNTED, str(image), str(where))
    try:
        yield where
    finally:
        command("umount", str(where))


@dataclass(frozen=True)
class Disk:
    """A mounted image, and a place beside it."""

    beside: Path
    where: Path

    def cut(self) -> Path:
        """Copy what it holds now; returns the image."""
        after = self.beside / "after.img"
        command("cp", "--sparse=always", str(self.beside / "disk.img"), str(after))
        return after


def seed(environment: dict[str, str], user: str) -> SecretStr:
    """Return the key of a NATS user."""
    return SecretStr(environment[f"NATS_SEED_{user.upper()}"])


def database_url(environment: dict[str, str]) -> str:
    """Return the address of the database as storage, as asyncpg spells it."""
    url = make_url(environment["DATABASE_URL"]).set(drivername="postgresql")
    return url.render_as_string(hide_password=False)


@asynccontextmanager
async def writing(environment: dict[str, str]) -> AsyncIterator[dict[str, Write]]:
    """Yield for each server how one thing is written to it, as services do."""
    async with AsyncExitStack() as stack:
        link = await stack.enter_async_context(
            connect(environment["NATS_URL"], "storage", seed(environment, "storage"))
        )
        publisher = Publisher(link, NoOpTracer())
        pool = await stack.enter_async_context(asyncpg.create_pool(database_url(environment)))
        client = await stack.enter_async_context(
            redis.asyncio.Redis.from_url(environment["REDIS_URL"])
        )

        async def publish(name: str) -> None:
            await publisher.publish(SUBJECT, b"{}", {"Message-Id": name}, deadline=30)

        async def insert(name: str) -> None:
            await pool.execute("INSERT INTO handled (handler, message_id) VALUES ($1, $1)", name)

        async def remember(name: str) -> None:
            await client.set(f"done:{name}", "1")

        yield {"nats": publish, "postgres": insert, "redis": remember}


async def write_until_cut(servers: LocalServers, disk: Disk) -> tuple[dict[str, set[str]], Path]:
    """Cut the power while everybody writes; returns what was acknowledged before, and the image."""
    acknowledged: dict[str, set[str]] = {}
    enough = asyncio.Event()

    async def write_on(write: Write, known: set[str], writer: int) -> None:
        for number in range(WRITTEN_AT_MOST // WRITERS):
            await write(f"{writer}-{number}")
            known.add(f"{writer}-{number}")
            if min(map(len, acknowledged.values())) >= WRITTEN_AT_LEAST:
                enough.set()

    async with writing(servers.environment) as writes:
        acknowledged |= {name: set() for name in writes}
        writers = [
            asyncio.create_task(write_on(write, acknowledged[name], writer))
            for name, write in writes.items()
            for writer in range(WRITERS)
        ]
        async with asyncio.timeout(COMMAND_SECONDS):
            await enough.wait()
        before = {name: set(known) for name, known in acknowledged.items()}
        with standing_still(servers):  # at this instant, with much of it under way
            for task in writers:
                task.cancel()
            image = await asyncio.to_thread(disk.cut)
        await asyncio.gather(*writers, return_exceptions=True)
    return before, image


@contextmanager
def standing_still(servers: LocalServers) -> Iterator[None]:
    """Let no server write on while the disk is copied."""
    processes = [
        process
        for server in servers.processes.values()
        for process in (server, *server.children(recursive=True))
    ]
    for process in processes:
        process.suspend()
    try:
        yield
    finally:
        for process in processes:
            process.resume()


async def found(servers: LocalServers) -> dict[str, set[str]]:
    """Return what the servers still have."""
    environment = servers.environment
    pool = await asyncpg.connect(database_url(environment))
    rows = await pool.fetch("SELECT message_id FROM handled")
    await pool.close()
    async with redis.asyncio.Redis.from_url(environment["REDIS_URL"]) as client:
        keys = [key.decode() async for key in client.scan_iter("done:*", count=1000)]
    return {
        "nats": await published(environment),
        "postgres": {row["message_id"] for row in rows},
        "redis": {key.partition(":")[2] for key in keys},
    }


async def published(environment: dict[str, str]) -> set[str]:
    """Return the ids of what stands in EVENTS; nothing when the stream itself is gone."""
    user = seed(environment, "operator")
    async with connect(environment["NATS_URL"], "operator", user) as operator:
        jetstream = operator.jetstream
        try:
            state = (await jetstream.stream_info("EVENTS")).state
        except NotFoundError:
            return set()
        numbers = range(state.first_seq, state.last_seq + 1)
        messages = [await jetstream.get_msg("EVENTS", number) for number in numbers]
    return {(message.headers or {})["Message-Id"] for message in messages}


async def survivors(disk: Disk) -> tuple[dict[str, set[str]], dict[str, set[str]]]:
    """Return what was acknowledged before a power cut, and what is there after it."""
    async with local_servers(disk.where / "data", all_apps()) as servers:
        await prepare(servers.environment)
        before, image = await write_until_cut(servers, disk)
    with mounted(image, disk.beside / "after") as where:
        async with local_servers(where / "data", all_apps()) as servers:
            return before, await found(servers)


async def test_all_that_was_acknowledged_is_there_after_a_power_cut(disk: Disk) -> None:
    before, after = await survivors(disk)
    lost = {name: len(known - after[name]) for name, known in before.items()}
    counted = {name: len(known) for name, known in before.items()}
    print(f"acknowledged before: {counted}; lost: {lost}")  # noqa: T201 # the run's figures
    assert lost == {"nats": 0, "postgres": 0, "redis": 0}, counted


async def test_this_cut_does_take_what_was_only_in_memory(
    disk: Disk, monkeypatch: pytest.MonkeyPatch
) -> None:
    def in_no_hurry(*given: Any, **named: Any) -> str:
        config = nats_config(*given, **named)
        assert '"sync_interval": "always"' in config
        return config.replace('"sync_interval": "always"', '"sync_interval": "2m"')

    monkeypatch.setattr(switchboard.local.nats, "nats_config", in_no_hurry)
    monkeypatch.setattr(switchboard.local.nats, "Program", partial(Program, start_seconds=30))
    try:
        before, after = await survivors(disk)
    except Trouble as trouble:
        if "could not be recovered" not in str(trouble):
            raise
        return  # so much is missing that the server cannot read its streams at all
    assert before["nats"] - after["nats"], "the disk was asked to keep it after all"
