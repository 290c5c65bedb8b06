"""What presses write: messages in streams, rows and bytes in PostgreSQL, bytes in Redis."""

from collections.abc import Mapping

import asyncpg
from pydantic import SecretStr
from redis.asyncio import Redis

from bus.connection import connect
from switchboard.keys import seed_variable

_WRITTEN = """
SELECT xact_commit AS commits, tup_inserted + tup_updated + tup_deleted AS "rows written",
    pg_wal_lsn_diff(pg_current_wal_lsn(), '0/0')::float8 AS "WAL bytes",
    pg_database_size(current_database()) AS "database bytes"
FROM pg_stat_database WHERE datname = current_database()
"""
COUNTED = (
    "stream writes",
    "commits",
    "rows written",
    "WAL bytes",
    "database bytes",
    "Redis bytes",
)


async def count(environment: Mapping[str, str]) -> dict[str, float]:
    """Return how much was written so far, by what is counted; settings are those of services."""
    connection = await asyncpg.connect(environment["DATABASE_URL"].replace("+asyncpg", ""))
    try:
        written = dict(await connection.fetchrow(_WRITTEN))
    finally:
        await connection.close()
    async with Redis.from_url(environment["REDIS_URL"]) as redis:
        written["Redis bytes"] = (await redis.info("memory"))["used_memory"]
    seed = SecretStr(environment[seed_variable("operator")])
    async with connect(environment["NATS_URL"], "operator", seed) as link:
        streams = await link.jetstream.streams_info()
    written["stream writes"] = sum(stream.state.last_seq for stream in streams)
    return {name: float(written[name]) for name in COUNTED}
