"""What is read and written for documents, in hand-written SQL: for peers that have no bus.

The checks and the rows are those of services/storage/documents/adding.py, in as few round trips as
somebody careful would need.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import asyncpg

POOL = 8
"""Connections; storage has as many handlers at once."""

_PLACE = """
SELECT t.name, d.id FROM document_types t LEFT JOIN documents d
  ON d.type_id = t.id AND lower(d.name) = lower($3) AND d.deleted_at IS NULL
WHERE t.id = $1 AND t.person_id = $2
"""
_FILE = """
SELECT person_id = $2 AND NOT lost AND known_since > now() - interval '23 hours'
FROM document_files WHERE upload_id = $1
"""
_SAME_CONTENT = """
SELECT d.id, d.name, t.name
FROM documents d
JOIN document_types t ON t.id = d.type_id
JOIN document_version_files v ON v.document_id = d.id
JOIN document_files f ON f.upload_id = v.upload_id
WHERE f.person_id = $1 AND f.sha256 = (SELECT sha256 FROM document_files WHERE upload_id = $2)
  AND d.deleted_at IS NULL
ORDER BY d.added_at DESC, d.id DESC LIMIT 1
"""
_TAKE_TURNS = "SELECT pg_advisory_xact_lock(hashtextextended($1, 0))"
_USED = """
SELECT (SELECT count(*) FROM documents WHERE person_id = $1),
  (SELECT coalesce(sum(size), 0)::bigint FROM document_files WHERE upload_id IN (
     SELECT upload_id FROM document_version_files WHERE person_id = $1)),
  (SELECT coalesce(sum(size), 0)::bigint FROM document_files WHERE upload_id = $2)
"""
_INSERT = """
WITH document AS (
  INSERT INTO documents (person_id, type_id, name) VALUES ($1, $2, $3)
  ON CONFLICT DO NOTHING RETURNING id
), version AS (
  INSERT INTO document_versions (document_id, number, person_id)
  SELECT id, 1, $1 FROM document
), file AS (
  INSERT INTO document_version_files (document_id, number, position, person_id, upload_id)
  SELECT id, 1, 1, $1, $4 FROM document
), claim AS (
  INSERT INTO upload_claims (upload_id, app, person_id)
  SELECT $4, 'documents', $1 FROM document ON CONFLICT DO NOTHING
)
SELECT id FROM document
"""
_KEEP_FILE = """
INSERT INTO document_files
  (upload_id, person_id, lost, kind, file_id, file_name, size, sha256)
VALUES ($1, $2, false, 'document', $1, $3, $4, $1)
ON CONFLICT DO NOTHING
"""
_REMEMBER = """
INSERT INTO handled (handler, message_id, outcome, events) VALUES ('http', $1, $2::jsonb, '[]')
"""


class Refused(Exception):
    """A rule does not let the document be added; the text is the rule's name."""


@dataclass(frozen=True, slots=True)
class NewDocument:
    """What is to be kept, and what its person may keep."""

    person: int
    type_id: int
    name: str
    upload_id: str
    documents_allowed: int = 100_000
    bytes_allowed: int = 10**12


async def add_document(connection: asyncpg.Connection, new: NewDocument) -> int:
    """Check and write, within the caller's transaction; return the document's id."""
    place = await connection.fetchrow(_PLACE, new.type_id, new.person, new.name)
    if place is None:
        raise Refused("no_such_type")
    if not await connection.fetchval(_FILE, new.upload_id, new.person):
        raise Refused("upload_lost")
    if place["id"]:
        raise Refused("name_taken")
    if await connection.fetchrow(_SAME_CONTENT, new.person, new.upload_id):
        raise Refused("same_content")
    await connection.execute(_TAKE_TURNS, f"documents.quotas.{new.person}")
    count, used, more = await connection.fetchrow(_USED, new.person, new.upload_id)
    if count >= new.documents_allowed:
        raise Refused("too_many_documents")
    if used + more > new.bytes_allowed:
        raise Refused("no_space")
    written = await connection.fetchval(_INSERT, new.person, new.type_id, new.name, new.upload_id)
    if written is None:
        raise Refused("name_taken")
    return int(written)


async def remember(connection: asyncpg.Connection, message_id: str, said: str) -> None:
    """Note that a request was handled, and what was said; fails if it was before."""
    await connection.execute(_REMEMBER, message_id, said)


async def keep_file(
    connection: asyncpg.Connection, upload_id: str, person: int, name: str, size: int
) -> None:
    """Describe a file that was sent; Telegram's own id has to do for its content."""
    await connection.execute(_KEEP_FILE, upload_id, person, name, size)


_TYPES = """
SELECT t.id, t.name, t.emoji, (SELECT count(*) FROM documents d
    WHERE d.type_id = t.id AND d.deleted_at IS NULL) AS documents
FROM document_types t WHERE t.person_id = $1 ORDER BY lower(t.name) LIMIT $2
"""
_TYPES_TOTAL = "SELECT count(*) FROM document_types WHERE person_id = $1"
_KEPT = "SELECT count(*) FROM documents WHERE person_id = $1"
_SIZE = """
SELECT coalesce(sum(size), 0)::bigint FROM document_files WHERE upload_id IN (
    SELECT upload_id FROM document_version_files WHERE person_id = $1)
"""
_LISTED_TYPE = """
SELECT t.name, t.emoji, (SELECT count(*) FROM documents d
    WHERE d.type_id = t.id AND d.deleted_at IS NULL) AS total
FROM document_types t WHERE t.id = $1 AND t.person_id = $2
"""
_ZONE = "SELECT time_zone FROM document_owners WHERE person_id = $1"
_DOCUMENTS = """
SELECT id, name, added_at, expires_on FROM documents
WHERE type_id = $1 AND deleted_at IS NULL ORDER BY added_at DESC, id DESC LIMIT $2
"""
_ADD_TYPE = """
INSERT INTO document_types (person_id, name, emoji) VALUES ($1, $2, '') RETURNING id
"""


async def list_types(
    connection: asyncpg.Connection, person: int, limit: int
) -> tuple[Sequence[Any], int]:
    """Return a page of types and how many there are."""
    total = await connection.fetchval(_TYPES_TOTAL, person)
    return await connection.fetch(_TYPES, person, limit), int(total)


async def used(connection: asyncpg.Connection, person: int) -> tuple[int, int]:
    """Return how many documents a person has, and their bytes."""
    kept = await connection.fetchval(_KEPT, person)
    return int(kept), int(await connection.fetchval(_SIZE, person))


async def list_documents(
    connection: asyncpg.Connection, person: int, type_id: int, limit: int
) -> tuple[Any, Sequence[Any]]:
    """Return a type and a page of its documents, the newest first."""
    described = await connection.fetchrow(_LISTED_TYPE, type_id, person)
    await connection.fetchval(_ZONE, person)
    return described, await connection.fetch(_DOCUMENTS, type_id, limit)


async def add_type(connection: asyncpg.Connection, person: int, name: str) -> int:
    """Write a new type and return its id."""
    return int(await connection.fetchval(_ADD_TYPE, person, name))
