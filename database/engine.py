"""How a service reaches PostgreSQL: a pool that notices a dead server, and its sessions."""

import math
import time
from typing import Any

import msgspec
from sqlalchemy import event, make_url, text
from sqlalchemy.exc import InvalidatePoolError
from sqlalchemy.ext.asyncio import AsyncEngine, async_sessionmaker, create_async_engine

from database import Session
from database.tls import split_tls

CONNECT_TIMEOUT = 3.0
"""Seconds to open a connection."""
STATEMENT_TIMEOUT = 5.0
"""Seconds a statement may take; a server that froze is noticed by nothing else."""
POOL_TIMEOUT = 5.0
"""Seconds to wait for a connection while all are in use."""
CONNECTION_AGE = 1800
"""Seconds after which a connection is replaced, so that a failover's old side is left behind."""
UNUSED_AT_MOST = 5.0
"""Seconds after which an unused connection is asked before its next use whether it is alive."""
STATEMENTS_PREPARED = 400
"""By each connection; more than a service has, for one more costs a round trip at each use."""
_LEFT_AT = "left_at"


def engine(
    url: str, *, application_name: str, pool_size: int = 10, only_reads: bool = False
) -> AsyncEngine:
    """Make the pool of a service; nothing is connected before the first use.

    `url` is `postgresql://...`; `application_name` is what `pg_stat_activity` shows. Where a
    service only reads, each statement is a transaction: at READ COMMITTED, BEGIN and ROLLBACK
    would cost two round trips and make several statements no more consistent.
    """
    address, tls = split_tls(make_url(url).set(drivername="postgresql+asyncpg"))
    pool = create_async_engine(
        address,
        isolation_level="AUTOCOMMIT" if only_reads else None,
        pool_size=pool_size,
        max_overflow=0,
        pool_timeout=POOL_TIMEOUT,
        # A few connections are used again and again, and have all statements prepared.
        pool_use_lifo=True,
        pool_recycle=CONNECTION_AGE,
        # What people wrote must not reach logs through the text of an error.
        hide_parameters=True,
        # Messages are kept in JSON columns just as they travel.
        json_serializer=_encode,
        json_deserializer=msgspec.json.decode,
        connect_args={
            **tls,
            "timeout": CONNECT_TIMEOUT,
            "command_timeout": STATEMENT_TIMEOUT,
            "prepared_statement_cache_size": STATEMENTS_PREPARED,
            # The driver's own, of what it is asked itself, for as long as the connection is.
            "statement_cache_size": STATEMENTS_PREPARED,
            "max_cached_statement_lifetime": 0,
            "server_settings": {"application_name": application_name},
        },
    )
    _notice_dead_ones(pool)
    return pool


async def ask_server(pool: AsyncEngine) -> None:
    """Find out whether PostgreSQL answers; raises what the driver does where it does not."""
    async with pool.connect() as connection:
        await connection.execute(text("SELECT 1"))


def session_factory(engine: AsyncEngine) -> async_sessionmaker[Session]:
    """Make sessions whose objects stay readable after the commit."""
    return async_sessionmaker(engine, expire_on_commit=False)


def _notice_dead_ones(pool: AsyncEngine) -> None:
    """Have dead connections replaced before their use, as far as that costs no round trip.

    The driver hears of most deaths by itself. One that it did not hear of, of a connection used a
    moment ago, is a dependency away to whoever uses it.
    """
    dialect = pool.dialect

    def left(_: Any, record: Any) -> None:
        record.info[_LEFT_AT] = time.monotonic()

    def taken(connection: Any, record: Any, _: Any) -> None:
        if connection.driver_connection.is_closed():
            raise InvalidatePoolError
        if time.monotonic() - record.info.get(_LEFT_AT, math.inf) < UNUSED_AT_MOST:
            return
        try:
            dialect.do_ping(connection)
        except dialect.loaded_dbapi.Error as error:
            raise InvalidatePoolError from error

    event.listen(pool.sync_engine, "checkin", left)
    event.listen(pool.sync_engine, "checkout", taken)


def _encode(value: Any) -> str:
    return msgspec.json.encode(value).decode()
