"""One chat that Telegram is slow to, or one app that hangs, holds up nothing else."""

import asyncio
import time
from collections import defaultdict
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any, NamedTuple

import aiohttp
import asyncpg
import pytest
import pytest_asyncio
from pydantic import SecretStr

from bus.connection import connect
from switchboard.local.servers import LocalServers
from tests.bus.waiting import eventually
from tests.chat import Chat
from tests.processes.processes import Services
from tests.processes.test_crashes import fill_in
from tests.switchboard.probes import plain_url

PARTITIONS = 8
AHEAD = 5
"""Updates of that chat that are handled before its neighbour's."""
TIMES = 1000
"""More calls than are made while a fault lasts."""
WITHIN = 60.0


class Neighbours(NamedTuple):
    """Three chats: the first two fall into one partition, the third into another."""

    slow: Chat
    next_door: Chat
    elsewhere: Chat


@asynccontextmanager
async def http_of(services: Services) -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession(services.environment["TELEGRAM_API_URL"]) as http:
        yield http


async def newcomer(http: aiohttp.ClientSession) -> Chat:
    async with http.post("/sim/people", json={"first_name": "Somebody"}) as response:
        return Chat(http, "documents", (await response.json())["id"])


async def partitions(services: Services, chats: list[Chat]) -> dict[str, list[Chat]]:
    """Return the chats by the partition in which their updates wait, once all do."""
    seed = SecretStr(services.environment["NATS_SEED_OPERATOR"])
    by_id = {str(chat.person_id): chat for chat in chats}
    subjects: dict[str, int] = {}
    async with connect(services.environment["NATS_URL"], "operator", seed) as link:

        async def all_wait() -> bool:
            info = await link.jetstream.stream_info("UPDATES", subjects_filter="update.>")
            subjects.clear()
            subjects.update(info.state.subjects or {})
            return by_id.keys() <= {subject.split(".")[-1] for subject in subjects}

        def found() -> str:
            said = "".join(map(services.last_words, ("gateway", "bot")))
            return f"; of {sorted(by_id)} there are {sorted(subjects)}{said}"

        await eventually(all_wait, WITHIN, found)
    waiting = defaultdict(list)
    for subject in subjects:
        _, partition, _, chat_id = subject.split(".")
        if chat_id in by_id:
            waiting[partition].append(by_id[chat_id])
    return waiting


@pytest_asyncio.fixture(loop_scope="session")
async def neighbours(services: Services) -> AsyncIterator[Neighbours]:
    """People whose updates wait while the bot is stopped, which shows where they fall."""
    async with http_of(services) as http:
        await services.stop("bot")
        chats = [await newcomer(http) for _ in range(PARTITIONS + 1)]
        for chat in chats:
            await chat.says("/start")
        # Of more chats than there are partitions, two are neighbours.
        waiting = await partitions(services, chats)
        crowded = next(name for name, found in waiting.items() if len(found) > 1)
        other = next(name for name in waiting if name != crowded)
        await services.start("bot")
        for chat in chats:
            await chat.sees("Add document")
        slow, next_door, *_ = waiting[crowded]
        yield Neighbours(slow, next_door, waiting[other][0])


@asynccontextmanager
async def trouble(chat: Chat, **fault: Any) -> AsyncIterator[None]:
    """Have Telegram do something to every message for one chat."""
    order = {"method": "sendMessage", "chat": chat.person_id, "times": TIMES, **fault}
    async with chat.http.post("/sim/faults", json=order) as response:
        assert response.status == 201, await response.text()
    try:
        yield
    finally:
        async with chat.http.delete("/sim/faults") as response:
            assert response.status == 200


async def tried(chat: Chat) -> int:
    """Return how many messages ran into the trouble."""
    async with chat.http.get("/sim/faults") as response:
        (left,) = (await response.json())["faults"]
        return TIMES - int(left["times"])


async def asks(chat: Chat) -> float:
    """Ask for help; returns the seconds until it is there."""
    began = time.monotonic()
    await chat.says("/help")
    await chat.sees_new("/documents")
    return time.monotonic() - began


@pytest.mark.parametrize(
    "fault", [{"code": 429, "retry_after": 20}, {"delay": 20}], ids=["held up", "never answered"]
)
async def test_a_slow_chat_holds_up_no_other(
    neighbours: Neighbours, services: Services, fault: dict[str, Any]
) -> None:
    slow, next_door, elsewhere = neighbours
    before = await slow.count("/documents")
    async with trouble(slow, **fault):
        for _ in range(AHEAD):
            await slow.says("/help")
        waited, _ = await asyncio.gather(asks(next_door), asks(elsewhere))
        # All that before the slow chat was told the first word, and waiting for it but once: of
        # its answers bot has tried the first, and notifier the same.
        assert await slow.count("/documents") == before
        assert 0 < await tried(slow) < AHEAD
    print(f"{waited:.2f} s")  # noqa: T201 # how long somebody waited belongs to the result
    await services.says("bot", "answer.handed_over")


async def test_an_app_whose_storage_hangs_holds_up_no_other_app(
    neighbours: Neighbours, installation: LocalServers
) -> None:
    keeper, settler, _ = neighbours
    await fill_in(keeper, "Held by a lock")
    url = plain_url(installation.environment["MIGRATION_DATABASE_URL"])
    operator = await asyncpg.connect(url)
    try:
        async with operator.transaction():
            await operator.execute("LOCK TABLE documents IN EXCLUSIVE MODE")
            await keeper.presses("Save")
            await keeper.sees_new("accepted")
            await settler.says("/settings")
            await settler.presses("Русский")
            # The outcome itself, in time or a little later; documents are still held.
            await settler.sees_new("Сохранено")
            await settler.says("/settings")
            await settler.sees_new("Язык: Русский")
            assert await keeper.count("Saved: ") == 0
    finally:
        await operator.close()
    await keeper.sees_new("Saved: Held by a lock")
