"""Among many people's documents, all that is asked and added most is found by indexes."""

from collections.abc import AsyncIterator

import pytest_asyncio
from sqlalchemy.ext.asyncio import AsyncConnection

from bus import Actor, Asked, Envelope
from contracts.base import Page
from contracts.documents import (
    AddDocument,
    Document,
    DocumentAdded,
    DocumentPage,
    GetDocument,
    GetType,
    ListDocuments,
    ListTrash,
    ListTypeFiles,
    ListTypes,
    ListVersions,
    SearchDocuments,
)
from database import Session
from services.query.documents.archiving import list_type_files
from services.query.documents.listing import list_documents, list_types
from services.query.documents.looking import get_document
from services.query.documents.searching import search_documents
from services.query.documents.trash import list_trash
from services.query.documents.types import get_type
from services.query.documents.versions import list_versions
from services.quotas import Quotas
from services.storage.documents.adding import add_document
from tests.database.plans import SCANS, driver, heard, nodes, reader_on, seeing

PEOPLE, EACH, FILES_EACH = 60, 100, 600
BUSY = 7_100_000_001
"""The first of them."""
BIG = {"documents", "document_files", "document_versions", "document_version_files", "handled"}
QUOTAS = Quotas(documents=10_000, size=10**9)

_TYPES = """
INSERT INTO document_types (person_id, name, emoji)
SELECT $1::bigint + n, 'Papers', '' FROM generate_series(0, $2::int - 1) AS n
"""
_FILES = """
INSERT INTO document_files (upload_id, person_id, lost, kind, file_id, file_name, size, sha256)
SELECT 'plan-' || n || '-' || d, $1::bigint + n, false, 'document', d, d, 10, 'plan-' || n || d
FROM generate_series(0, $2::int - 1) AS n, generate_series(0, $3::int) AS d
"""
_DOCUMENTS = """
INSERT INTO documents (person_id, type_id, name)
SELECT person_id, id, 'D' || d FROM document_types, generate_series(1, $2::int) AS d
WHERE person_id BETWEEN $1::bigint AND $1::bigint + 1000
"""
_VERSIONS = """
INSERT INTO document_versions (document_id, number, person_id)
SELECT id, 1, person_id FROM documents WHERE person_id BETWEEN $1::bigint AND $1::bigint + 1000
"""
_VERSION_FILES = """
INSERT INTO document_version_files (document_id, number, position, person_id, upload_id)
SELECT id, 1, 1, person_id, 'plan-' || person_id - $1::bigint || '-' || substr(name, 2)
FROM documents WHERE person_id BETWEEN $1::bigint AND $1::bigint + 1000
"""


@pytest_asyncio.fixture
async def crowded(migrated: dict[str, str]) -> AsyncIterator[AsyncConnection]:
    """A connection that sees very many documents."""
    filling = (
        (_TYPES, (BUSY, PEOPLE)),
        (_FILES, (BUSY, PEOPLE, FILES_EACH)),
        (_DOCUMENTS, (BUSY, EACH)),
        (_VERSIONS, (BUSY,)),
        (_VERSION_FILES, (BUSY,)),
    )
    async with seeing(migrated, filling, ("document_types", *sorted(BIG))) as connection:
        yield connection


async def test_what_is_asked_and_added_most_is_found_by_indexes(crowded: AsyncConnection) -> None:
    who = Actor(BUSY + 7, "documents")
    with heard(crowded) as said:
        reader = await reader_on(crowded, said)
        page = Page(limit=10)
        types = await list_types(ListTypes(page=page), who, reader, QUOTAS)
        papers = types.types[0].type_id
        await get_type(GetType(type_id=papers), who, reader)
        await list_type_files(ListTypeFiles(type_id=papers), who, reader)
        listed = await list_documents(ListDocuments(type_id=papers, page=page), who, reader)
        assert isinstance(listed, DocumentPage)
        first = listed.documents[0].document_id
        assert isinstance(await get_document(GetDocument(document_id=first), who, reader), Document)
        await list_versions(ListVersions(document_id=first), who, reader)
        assert (await search_documents(SearchDocuments(words="D77"), who, reader)).total
        await list_trash(ListTrash(), who, reader)
        async with Session(crowded) as db:
            new = AddDocument(type_id=papers, name="New", upload_ids=("plan-7-0",))
            (added,) = await add_document(
                [Asked(new, Envelope(message_id="new", actor=who))], db, QUOTAS
            )
            assert isinstance(added, DocumentAdded)
    raw, scanned, used = await driver(crowded), [], set()
    for statement, parameters in said:
        if "documents" in statement or "document_" in statement:
            (found,) = await raw.fetchval(f"EXPLAIN (FORMAT JSON) {statement}", *parameters)
            for node in nodes(found["Plan"]):
                used.add((node["Node Type"], node.get("Index Name")))
                if node["Node Type"] in SCANS and node["Relation Name"] in BIG:
                    scanned.append(statement)
    assert scanned == []
    # What all files of a person take is in the index: each would be a page of its own.
    assert ("Index Only Scan", "ix_document_files_same_content") in used
    assert len(said) > 10
