"""What Redis and Telegram say while they cannot be used is told from a bug."""

from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from redis.asyncio import Redis
from redis.exceptions import RedisError

from bus.trouble import AWAY, BUG, Kind
from services.bot.sent import Record, Sent
from services.told import Told
from services.trouble import trouble_of
from telegram_api.client import Bots
from tests.bus.waiting import eventually
from tests.services.own_redis import own_redis
from tests.telegram_api.fixtures import bots, peer
from tests.telegram_api.peer import ANNA, Peer

__all__ = ["bots", "peer"]

READ = "redis.call('SET', KEYS[1], 1) return 1"
Writing = Callable[[Redis], Awaitable[Any]]


@pytest_asyncio.fixture
async def redis() -> AsyncIterator[Redis]:
    """A Redis of the test's own, which may be put into any state."""
    async with own_redis() as url, Redis.from_url(url) as connected:
        yield connected


async def fill(redis: Redis, _: Path) -> None:
    """Leave no memory."""
    await redis.config_set("maxmemory", 1)


async def follow_another(redis: Redis, _: Path) -> None:
    """Make it a replica, as it is after another took over."""
    await redis.replicaof("127.0.0.1", "1")


async def lose_the_disk(redis: Redis, scratch: Path) -> None:
    """Have nothing written to disk any more."""
    disk = scratch / "disk"
    disk.mkdir()
    await redis.config_set("save", "3600 1")
    await redis.config_set("dir", str(disk))
    disk.rmdir()
    await redis.bgsave()

    async def knows() -> bool:
        info: dict[str, Any] = await redis.info("persistence")
        return bool(info["rdb_last_bgsave_status"] == "err")

    await eventually(knows)


async def replace_users(redis: Redis, _: Path) -> None:
    """Take every permission but that to look."""
    await redis.acl_setuser("default", enabled=True, nopass=True, commands=["+acl"])
    await redis.execute_command(  # type: ignore[no-untyped-call] # not typed there
        "ACL", "SETUSER", "default", "-@all", "+acl", "+evalsha", "+eval", "+multi", "+exec"
    )


async def pipeline_of_a_script(redis: Redis) -> None:
    """Write as an update's handling does first."""
    async with redis.pipeline(transaction=False) as reading:
        reading.eval(READ, 1, "flood:documents:1001")
        reading.mget("done:x")
        await reading.execute()


WRITES: dict[str, Writing] = {
    "a script": lambda redis: Told(redis).claim("command", "bot"),
    "a script in a pipeline": pipeline_of_a_script,
    "a transaction": lambda redis: Sent(redis, "documents-1").add("1", Record("digest")),
    "a command": lambda redis: Told(redis).mark("command"),
}


@pytest.mark.parametrize("write", WRITES.values(), ids=WRITES)
@pytest.mark.parametrize("trouble", [fill, follow_another, lose_the_disk, replace_users])
async def test_a_redis_that_takes_nothing_is_away(
    redis: Redis, scratch: Path, trouble: Callable[[Redis, Path], Awaitable[None]], write: Writing
) -> None:
    await write(redis)
    await trouble(redis, scratch)
    with pytest.raises(RedisError) as failed:
        await write(redis)
    assert trouble_of(failed.value) == AWAY, str(failed.value)


@pytest.mark.parametrize("wrote", ["-OOM ", "MISCONF READONLY ", "of pipeline caused error: OOM "])
async def test_a_wrong_call_is_a_bug_whatever_somebody_wrote(redis: Redis, wrote: str) -> None:
    await redis.set("text", "no number")
    async with redis.pipeline(transaction=False) as calls:
        calls.eval("return redis.call('INCR', KEYS[1])", 1, "text", wrote)
        with pytest.raises(RedisError) as failed:
            await calls.execute()
    assert trouble_of(failed.value) == BUG


@pytest.mark.parametrize("code", [401, 404])
async def test_a_token_that_telegram_refuses_holds_up_its_own_messages(
    peer: Peer, bots: Bots, code: int
) -> None:
    await peer.fails(method="sendMessage", bot="documents", code=code)
    with pytest.raises(Exception, match=r"Unauthorized|Not Found") as refused:
        await bots["documents"].send_message(ANNA, "Hello")
    trouble = trouble_of(refused.value)
    assert (trouble.kind, trouble.lasts) == (Kind.HELD_UP, True)


async def test_a_method_that_telegram_does_not_know_is_a_bug(peer: Peer, bots: Bots) -> None:
    await peer.fails(method="sendMessage", code=404, description="Not Found: method not found")
    with pytest.raises(Exception, match="method not found") as unknown:
        await bots["documents"].send_message(ANNA, "Hello")
    assert trouble_of(unknown.value) == BUG


def test_a_file_that_is_missing_is_a_bug() -> None:
    assert trouble_of(FileNotFoundError("report.pdf")) == BUG
    assert trouble_of(TimeoutError()) == AWAY
