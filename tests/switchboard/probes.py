"""Something written to each server, and read again."""

import asyncpg
import redis.asyncio
from pydantic import SecretStr

from bus.connection import connect

_SUBJECT = "probe.written"


def plain_url(url: str) -> str:
    """SQLAlchemy's address as asyncpg takes it."""
    return url.replace("+asyncpg", "", 1)


async def write_everywhere(environment: dict[str, str], word: str) -> None:
    async with redis.asyncio.Redis.from_url(environment["REDIS_URL"]) as client:
        await client.set("probe", word)
    database = await asyncpg.connect(plain_url(environment["MIGRATION_DATABASE_URL"]))
    await database.execute("CREATE TABLE probe (word text)")
    await database.execute("INSERT INTO probe VALUES ($1)", word)
    await database.close()
    seed = SecretStr(environment["NATS_SEED_OPERATOR"])
    async with connect(environment["NATS_URL"], "operator", seed) as link:
        await link.jetstream.add_stream(name="PROBE", subjects=[_SUBJECT])
        await link.jetstream.publish(_SUBJECT, word.encode())


async def read_everywhere(environment: dict[str, str]) -> set[str]:
    """The words found: exactly one when nothing was lost."""
    async with redis.asyncio.Redis.from_url(
        environment["REDIS_URL"], decode_responses=True
    ) as client:
        in_redis = await client.get("probe")
    database = await asyncpg.connect(plain_url(environment["QUERY_DATABASE_URL"]))
    in_database = await database.fetchval("SELECT word FROM probe")
    await database.close()
    seed = SecretStr(environment["NATS_SEED_OPERATOR"])
    async with connect(environment["NATS_URL"], "operator", seed) as link:
        in_stream = await link.jetstream.get_last_msg("PROBE", _SUBJECT)
    return {str(in_redis), in_database, (in_stream.data or b"").decode()}
