"""Redis: a stolen credential of a service reaches that service's keys, and nothing else."""

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from pydantic import SecretStr
from redis.asyncio import Redis
from redis.exceptions import AuthenticationError, NoPermissionError

from services.life import Life
from services.told import Told
from switchboard.redis_users import REDIS_USERS, RedisUser, acl, passwords
from tests.switchboard.command import run

SERVICES = [user for user in REDIS_USERS if "" not in user.prefixes]
READ_ALL = "return redis.call('GET', 'dialog:documents:1001')"


async def said(redis: Redis, command: str) -> None:
    """Send a command as it is typed."""
    await redis.execute_command(*command.split())  # type: ignore[no-untyped-call] # not typed there


@pytest_asyncio.fixture(params=SERVICES, ids=lambda user: user.name)
async def service(
    request: pytest.FixtureRequest, environment: dict[str, str]
) -> AsyncIterator[Redis]:
    """Redis as one of the services, connected as the service does."""
    life = Life.begin(request.param.name)
    async with life.redis(SecretStr(environment[request.param.variable])) as redis:
        yield redis
    await life.end()


@pytest_asyncio.fixture
async def bot(environment: dict[str, str]) -> AsyncIterator[Redis]:
    """Redis as whoever stole the bot's credential."""
    async with Redis.from_url(environment["BOT_REDIS_URL"]) as redis:
        yield redis


@pytest_asyncio.fixture
async def files(environment: dict[str, str]) -> AsyncIterator[Redis]:
    """Redis as whoever stole the credential of files."""
    async with Redis.from_url(environment["FILES_REDIS_URL"]) as redis:
        yield redis


@pytest_asyncio.fixture
async def operator(environment: dict[str, str]) -> AsyncIterator[Redis]:
    """Redis as the operator."""
    async with Redis.from_url(environment["REDIS_URL"], decode_responses=True) as redis:
        yield redis


@pytest.mark.parametrize("user", SERVICES, ids=lambda user: user.name)
async def test_a_service_works_with_keys_of_its_own(
    environment: dict[str, str], user: RedisUser
) -> None:
    async with Redis.from_url(environment[user.variable]) as redis:
        for prefix in user.prefixes:
            key = f"{prefix}a"
            async with redis.pipeline(transaction=True) as transaction:
                transaction.set(key, 1, ex=60)
                transaction.exists(key)
                assert await transaction.execute() == [True, 1]
            script = redis.register_script("return redis.call('GET', KEYS[1])")
            assert await script(keys=[key]) == b"1"
            assert await redis.delete(key) == 1


@pytest.mark.parametrize(
    "command",
    [
        "GET person:1001",
        "SET dialog:documents:1001 forged",
        "DEL told:1-0",
        "MGET rate:a done:b",
        "HGET sent:a b",
        "HMGET flood:documents:1001 tokens",
    ],
)
async def test_files_reach_no_keys_of_others(files: Redis, command: str) -> None:
    with pytest.raises(NoPermissionError):
        await said(files, command)


async def test_a_script_reaches_no_keys_of_others_either(files: Redis, bot: Redis) -> None:
    await bot.set("dialog:documents:1001", "private")
    for keys in ([], ["rate:a"], ["dialog:documents:1001"]):
        with pytest.raises(Exception, match=r"(?i)permission|can't access"):
            await files.eval(READ_ALL, len(keys), *keys)
    assert await bot.eval(READ_ALL, 1, "dialog:documents:1001") == b"private"


@pytest.mark.parametrize(
    "command",
    [
        "KEYS *",
        "SCAN 0",
        "RANDOMKEY",
        "DBSIZE",
        "FLUSHALL",
        "FLUSHDB",
        "SWAPDB 0 1",
        "CONFIG GET requirepass",
        "CONFIG SET dir /tmp",
        "CONFIG REWRITE",
        "ACL LIST",
        "ACL SETUSER bot ~*",
        "ACL WHOAMI",
        "MODULE LIST",
        "DEBUG SLEEP 0",
        "SAVE",
        "BGSAVE",
        "BGREWRITEAOF",
        "SHUTDOWN NOSAVE",
        "REPLICAOF 127.0.0.1 1",
        "MONITOR",
        "CLIENT LIST",
        "CLIENT KILL TYPE normal",
        "SCRIPT FLUSH",
        "INFO",
        "PUBLISH channel word",
        "SUBSCRIBE channel",
        "SELECT 1",
        "MIGRATE 127.0.0.1 1 rate:a 0 100",
        "DUMP rate:a",
        "OBJECT ENCODING rate:a",
        "SORT rate:a",
    ],
)
async def test_a_service_does_nothing_to_the_server(service: Redis, command: str) -> None:
    with pytest.raises(NoPermissionError):
        await said(service, command)


@pytest.mark.parametrize("credential", ["", ":guess@", "bot:@", "bot:guess@", "default:guess@"])
async def test_without_a_users_password_nobody_comes_in(
    environment: dict[str, str], credential: str
) -> None:
    address = environment["REDIS_URL"].rpartition("@")[2]
    async with Redis.from_url(f"redis://{credential}{address}") as redis:
        with pytest.raises(AuthenticationError):
            await redis.ping()


async def test_the_password_of_one_is_not_that_of_another(environment: dict[str, str]) -> None:
    known = passwords(environment)
    assert len(set(known.values())) == len(REDIS_USERS)
    address = environment["REDIS_URL"].rpartition("@")[2]
    async with Redis.from_url(f"redis://operator:{known['bot']}@{address}") as redis:
        with pytest.raises(AuthenticationError):
            await redis.ping()


async def test_the_operator_looks_and_does_not_change_the_server(
    operator: Redis, bot: Redis
) -> None:
    await Told(bot).mark("1-0")
    assert "told:1-0" in await operator.keys("*")
    assert (await operator.config_get("appendfsync")) == {"appendfsync": "always"}
    assert (await operator.info())["redis_version"]
    for command in ("FLUSHALL", "CONFIG SET dir /tmp", "ACL DELUSER bot", "SHUTDOWN NOSAVE"):
        with pytest.raises(NoPermissionError):
            await said(operator, command)


async def test_the_file_for_an_installation_is_made_from_the_addresses(
    environment: dict[str, str],
) -> None:
    addresses = {user.variable: environment[user.variable] for user in REDIS_USERS}
    done = await run("redis-acl", **addresses)
    assert done.output == acl(passwords(environment))
    assert [secret for secret in passwords(environment).values() if secret in done.output] == []


async def test_an_address_without_its_user_is_refused(environment: dict[str, str]) -> None:
    addresses = {user.variable: environment[user.variable] for user in REDIS_USERS}
    stolen = addresses["BOT_REDIS_URL"]
    done = await run("redis-acl", **addresses | {"FILES_REDIS_URL": stolen})
    assert done.status == 1
    assert "FILES_REDIS_URL must name its user and a password" in done.errors
    assert stolen not in done.errors
