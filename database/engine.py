"""How a service reaches PostgreSQL: a pool that notices a dead server, and its sessions."""

from typing import Any

import msgspec
from sqlalchemy import make_url, text
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


def engine(url: str, *, application_name: str, pool_size: int = 10) -> AsyncEngine:
    """Make the pool of a service; nothing is connected before the first use.

    `url` is `postgresql://...`; `application_name` is what `pg_stat_activity` shows.
    """
    address, tls = split_tls(make_url(url).set(drivername="postgresql+asyncpg"))
    return create_async_engine(
        address,
        pool_size=pool_size,
        max_overflow=0,
        pool_timeout=POOL_TIMEOUT,
        pool_pre_ping=True,
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
            "server_settings": {"application_name": application_name},
        },
    )


async def ask_server(pool: AsyncEngine) -> None:
    """Find out whether PostgreSQL answers; raises what the driver does where it does not."""
    async with pool.connect() as connection:
        await connection.execute(text("SELECT 1"))


def session_factory(engine: AsyncEngine) -> async_sessionmaker[Session]:
    """Make sessions whose objects stay readable after the commit."""
    return async_sessionmaker(engine, expire_on_commit=False)


def _encode(value: Any) -> str:
    return msgspec.json.encode(value).decode()
