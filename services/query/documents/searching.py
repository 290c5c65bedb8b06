"""Documents are found by any part of their name or note; why so: docs/decisions/0003."""

import re
import unicodedata
from collections.abc import Sequence
from typing import NamedTuple

from sqlalchemy import BigInteger, ColumnElement, and_, func, literal, select

from bus import Actor
from contracts.base import PersonId
from contracts.documents import DocumentId, FoundDocument, SearchDocuments, SearchPage
from database import Session
from database.documents import Document, DocumentType
from services.query.documents.registration import router

FOUND_LIMIT = 100
"""Documents; whoever would turn more than ten pages had better say another word."""
READ_THROUGH = 2000
"""Documents, the newest, which are read before the index is asked: words that many documents have
are found among them, and few people have more."""
OFTEN = 10
"""Documents; words that so many of the newest have are met often enough to go on reading."""
MARK = 3
"""Letters in a row that the index knows."""

_LISTED = Document.deleted_at.is_(None)
_NEWEST_FIRST = (Document.added_at.desc(), Document.id.desc())


@router.handle
async def search_documents(query: SearchDocuments, actor: Actor, db: Session) -> SearchPage:
    words = unicodedata.normalize("NFC", query.words).split()
    # People differ by what they keep: a plan for the average one is slow for who has very much.
    # That is said for one transaction: query's own statements are a transaction each.
    await db.connection(execution_options={"isolation_level": "READ COMMITTED"})
    await db.execute(select(func.set_config("plan_cache_mode", "force_custom_plan", True)))
    read = await read_through(db, actor.person, words)
    found = read.found
    if not read.all and len(found) <= FOUND_LIMIT:
        marked = any(len(word) >= MARK for word in words)
        rare = marked and len(found) < OFTEN
        found = await (look_up if rare else read_on)(db, actor.person, words)
    listed = found[:FOUND_LIMIT]
    return SearchPage(
        words=query.words,
        documents=await _described(db, listed[query.page.offset :][: query.page.limit]),
        total=len(listed),
        more=len(found) > FOUND_LIMIT,
    )


class Read(NamedTuple):
    """What was found by reading, the newest first, and whether that was all there is to read."""

    found: Sequence[DocumentId]
    all: bool


async def read_through(db: Session, person: PersonId, words: Sequence[str]) -> Read:
    """Compare the newest documents of a person one by one."""
    newest = (
        select(Document.id, Document.added_at, _has(words).label("matches"))
        .where(Document.person_id == person, _LISTED)
        .order_by(*_NEWEST_FIRST)
        .limit(READ_THROUGH)
        .subquery()
    )
    order = (newest.c.added_at.desc(), newest.c.id.desc())
    matching = func.array_agg(newest.c.id).aggregate_order_by(*order)
    row = (
        await db.execute(
            select(matching.filter(newest.c.matches).label("ids"), func.count().label("read"))
        )
    ).one()
    return Read(row.ids or [], row.read < READ_THROUGH)


async def look_up(db: Session, person: PersonId, words: Sequence[str]) -> Sequence[DocumentId]:
    """Ask the index for the candidates among all documents of a person, then compare those."""
    whose = literal(person, BigInteger)
    marked = [
        Document.search_marks.contains(func.document_search_marks(whose, _folded(word)))
        for word in words
        if len(word) >= MARK
    ]
    # Materialised: else the planner may hope to meet enough of them on its way from the newest.
    candidates = (
        select(Document.id, Document.added_at)
        .where(Document.person_id == person, _LISTED, *marked, _has(words))
        .cte("candidates")
        .prefix_with("MATERIALIZED", dialect="postgresql")
    )
    order = (candidates.c.added_at.desc(), candidates.c.id.desc())
    return (await db.scalars(select(candidates.c.id).order_by(*order).limit(FOUND_LIMIT + 1))).all()


async def read_on(db: Session, person: PersonId, words: Sequence[str]) -> Sequence[DocumentId]:
    """Compare documents of a person, the newest first, until enough are found."""
    statement = select(Document.id).where(Document.person_id == person, _LISTED, _has(words))
    return (await db.scalars(statement.order_by(*_NEWEST_FIRST).limit(FOUND_LIMIT + 1))).all()


def _has(words: Sequence[str]) -> ColumnElement[bool]:
    return and_(*(Document.search_text.like(_folded(_pattern(word))) for word in words))


def _pattern(word: str) -> str:
    r"""Return what LIKE takes for `word` anywhere: `100%` becomes `%100\%%`."""
    return "%" + re.sub(r"([\\%_])", r"\\\1", word) + "%"


def _folded(text: str) -> ColumnElement[str]:
    return func.document_search_folded(text)


async def _described(db: Session, ids: Sequence[DocumentId]) -> tuple[FoundDocument, ...]:
    statement = (
        select(
            Document.id.label("document_id"), Document.name, DocumentType.name.label("type_name")
        )
        .join(DocumentType, DocumentType.id == Document.type_id)
        .where(Document.id.in_(ids))
    )
    rows = {row["document_id"]: row for row in (await db.execute(statement)).mappings()}
    return tuple(FoundDocument(**rows[document_id]) for document_id in ids if document_id in rows)
