"""Alembic's environment: connects as the migrator and runs what it is asked to."""

import asyncio
import importlib
import os
import pkgutil

from alembic import context
from sqlalchemy import Connection, make_url, pool, text
from sqlalchemy.ext.asyncio import create_async_engine

import database
from database.base import Base
from database.tls import split_tls
from migrations.privileges import take_back
from migrations.upgrade import migration_url

_LOCK = 0x4D49_4752  # any number, the same in every copy that migrates at once
_TURN = "10min"
"""How long a copy waits for another's migrations."""
_TABLE = "10s"
"""How long a migration waits for a table: while it does, everyone else waits behind it."""


def _migrate(connection: Connection) -> None:
    context.configure(
        connection=connection,
        target_metadata=Base.metadata,
        transaction_per_migration=True,
    )
    with context.begin_transaction():
        context.run_migrations()
    take_back(connection)


async def _run() -> None:
    url = context.config.attributes.get("url") or migration_url(os.environ)
    address, tls = split_tls(make_url(url).set(drivername="postgresql+asyncpg"))
    engine = create_async_engine(
        address,
        connect_args=tls,
        poolclass=pool.NullPool,
        isolation_level="AUTOCOMMIT",
    )
    async with engine.connect() as turn, engine.connect() as connection:
        await turn.execute(text(f"SET lock_timeout = '{_TURN}'"))
        await turn.execute(text(f"SELECT pg_advisory_lock({_LOCK})"))
        await connection.execute(text(f"SET lock_timeout = '{_TABLE}'"))
        await connection.commit()
        await connection.execution_options(isolation_level="READ COMMITTED")
        await connection.run_sync(_migrate)
    await engine.dispose()


if context.is_offline_mode():
    raise SystemExit("Migrations run against a database: there is no --sql here.")
for module in pkgutil.iter_modules(database.__path__, f"{database.__name__}."):
    importlib.import_module(module.name)  # every app's tables join the metadata
asyncio.run(_run())
