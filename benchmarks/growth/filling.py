"""Fills a database with people who have a hundred documents each, more and more of them."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import asyncpg

FIRST, EACH = 10_001, 100
"""Telegram's id of the first person; documents each of them has."""
PATIENCE = 900.0

_PEOPLE = """
INSERT INTO document_owners (person_id, language, time_zone)
SELECT n, 'en', 'Europe/Berlin' FROM generate_series($1::bigint, $2::bigint) AS n
"""
_TYPES = """
INSERT INTO document_types (person_id, name, emoji)
SELECT n, name, '' FROM generate_series($1::bigint, $2::bigint) AS n,
    unnest(ARRAY['Letters', 'Papers', 'Photos', 'Travel']) AS name
"""
_FILES = """
INSERT INTO document_files (upload_id, person_id, lost, kind, file_id, file_name, size, sha256)
SELECT 'kept-' || n || '-' || d, n, false, 'document', d::text, d || '.pdf', 1000, n || '-' || d
FROM generate_series($1::bigint, $2::bigint) AS n, generate_series(1, $3::int) AS d
"""
_DOCUMENTS = """
INSERT INTO documents (person_id, type_id, name, added_at)
SELECT t.person_id, t.id, t.name || ' ' || d, now() - interval '1 minute' * (d * 7 % 100000)
FROM document_types AS t, generate_series(1, $3::int / 4) AS d
WHERE t.person_id BETWEEN $1 AND $2
"""
_VERSIONS = """
INSERT INTO document_versions (document_id, number, person_id)
SELECT id, 1, person_id FROM documents WHERE person_id BETWEEN $1 AND $2
"""
_VERSION_FILES = """
INSERT INTO document_version_files (document_id, number, position, person_id, upload_id)
SELECT id, 1, 1, person_id,
    'kept-' || person_id || '-' || row_number() OVER (PARTITION BY person_id ORDER BY id)
FROM documents WHERE person_id BETWEEN $1 AND $2
"""
_SEARCH = "SELECT indexdef FROM pg_indexes WHERE indexname = 'ix_documents_search_marks'"
TABLES = (
    "document_owners, document_types, document_files, documents, document_versions,"
    " document_version_files"
)


@asynccontextmanager
async def connected(url: str) -> AsyncIterator[asyncpg.Connection]:
    """Connect as whoever the address says."""
    plain = url.replace("+asyncpg", "")
    connection = await asyncpg.connect(plain, command_timeout=PATIENCE)
    try:
        yield connection
    finally:
        await connection.close()


async def fill(connection: asyncpg.Connection, before: int, people: int) -> None:
    """Have so many people where there were `before`, and let PostgreSQL know."""
    new = (FIRST + before, FIRST + people - 1)
    statements: tuple[tuple[str, tuple[Any, ...]], ...] = (
        (_PEOPLE, new),
        (_TYPES, new),
        (_FILES, (*new, EACH)),
        (_DOCUMENTS, (*new, EACH)),
        (_VERSIONS, new),
        (_VERSION_FILES, new),
    )
    search = await connection.fetchval(_SEARCH)
    await connection.execute("DROP INDEX ix_documents_search_marks")
    for statement, about in statements:
        await connection.execute(statement, *about)
    # Made at once: row by row it takes many times as long.
    await connection.execute("SET maintenance_work_mem = '256MB'")
    await connection.execute(search)
    await connection.execute(f"VACUUM (ANALYZE) {TABLES}")
