"""The migrations make exactly the tables that the code knows; query may only read them."""

import importlib
import pkgutil
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Connection, text
from sqlalchemy.exc import ProgrammingError
from sqlalchemy.ext.asyncio import AsyncConnection

import database
from database.base import Base
from database.engine import engine

for module in pkgutil.iter_modules(database.__path__, f"{database.__name__}."):
    importlib.import_module(module.name)

COLUMNS = """
SELECT table_name, column_name, data_type, udt_name, is_nullable, column_default,
       identity_generation
FROM information_schema.columns WHERE table_schema = 'public'
"""
ONLY_OF_STORAGE = {"forgotten", "handled", "scheduled"}
READ_BY_QUERY = sorted(set(Base.metadata.tables) - ONLY_OF_STORAGE)
CONSTRAINTS = """
SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid)
FROM pg_constraint WHERE connamespace = 'public'::regnamespace
"""
INDEXES = "SELECT tablename, indexname, indexdef FROM pg_indexes WHERE schemaname = 'public'"


@pytest_asyncio.fixture
async def migrator(migrated: dict[str, str]) -> AsyncIterator[AsyncConnection]:
    """A connection that may change tables; whatever it does is undone."""
    pool = engine(migrated["MIGRATION_DATABASE_URL"], application_name="tests")
    async with pool.connect() as connection:
        yield connection
        await connection.rollback()
    await pool.dispose()


async def test_autogenerate_finds_no_difference(migrator: AsyncConnection) -> None:
    def compare(connection: Connection) -> list[object]:
        return list(compare_metadata(MigrationContext.configure(connection), Base.metadata))

    assert await migrator.run_sync(compare) == []


async def test_migrations_and_code_define_the_same(migrator: AsyncConnection) -> None:
    """Unlike autogenerate it sees checks, expressions and conditions of indexes, and defaults."""
    migrated = await _definitions(migrator)

    await migrator.run_sync(Base.metadata.drop_all)
    await migrator.run_sync(Base.metadata.create_all)

    assert await _definitions(migrator) == migrated


@pytest.mark.parametrize("table", READ_BY_QUERY)
async def test_query_reads_and_never_writes(migrated: dict[str, str], table: str) -> None:
    pool = engine(migrated["QUERY_DATABASE_URL"], application_name="tests")
    async with pool.connect() as connection:
        await connection.execute(text(f"SELECT * FROM {table} LIMIT 1"))
        await connection.rollback()
        # What the role may switch off protects nothing: the grants must.
        await connection.execute(text("SET default_transaction_read_only = off"))
        await connection.commit()
        for statement in (f"DELETE FROM {table}", f"INSERT INTO {table} DEFAULT VALUES"):
            with pytest.raises(ProgrammingError, match="permission denied"):
                await connection.execute(text(statement))
            await connection.rollback()
    await pool.dispose()


async def _definitions(connection: AsyncConnection) -> set[tuple[object, ...]]:
    found = set()
    for statement in (COLUMNS, CONSTRAINTS, INDEXES):
        rows = await connection.execute(text(statement))
        found |= {tuple(row) for row in rows if row[0] != "alembic_version"}
    return found
