"""Documents are found by any part of their name or note; why so: docs/decisions/0003."""

import re
import unicodedata
from collections.abc import Sequence
from functools import cache
from typing import NamedTuple

from sqlalchemy import ARRAY, BigInteger, ColumnElement, Text, and_, bindparam, func, select

from bus import Actor
from contracts.base import PersonId
from contracts.documents import DocumentId, FoundDocument, SearchDocuments, SearchPage
from database.documents import Document, DocumentType
from database.reading import LIMIT, PERSON, Question, Reader
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

DESCRIBED = Question(
    select(Document.id.label("document_id"), Document.name, DocumentType.name.label("type_name"))
    .join(DocumentType, DocumentType.id == Document.type_id)
    .where(Document.id == func.any(bindparam("ids", type_=ARRAY(BigInteger))))
)


@router.handle
async def search_documents(query: SearchDocuments, actor: Actor, db: Reader) -> SearchPage:
    words = unicodedata.normalize("NFC", query.words).split()
    # People differ by what they keep: a plan for the average one is slow for who has very much.
    async with db.planning_anew() as anew:
        read = await read_through(anew, actor.person, words)
        found = read.found
        if not read.all and len(found) <= FOUND_LIMIT:
            marked = any(len(word) >= MARK for word in words)
            rare = marked and len(found) < OFTEN
            found = await (look_up if rare else read_on)(anew, actor.person, words)
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


async def read_through(db: Reader, person: PersonId, words: Sequence[str]) -> Read:
    """Compare the newest documents of a person one by one."""
    asked = _reading_through(len(words))
    (row,) = await db.rows(asked, person=person, limit=READ_THROUGH, **_patterns(words))
    return Read(row["ids"] or [], row["read"] < READ_THROUGH)


async def look_up(db: Reader, person: PersonId, words: Sequence[str]) -> Sequence[DocumentId]:
    """Ask the index for the candidates among all documents of a person, then compare those."""
    marks = [word for word in words if len(word) >= MARK]
    given = _patterns(words) | {_mark(number): word for number, word in enumerate(marks)}
    asked = _looking_up(len(words), len(marks))
    rows = await db.rows(asked, person=person, limit=FOUND_LIMIT + 1, **given)
    return [row["id"] for row in rows]


async def read_on(db: Reader, person: PersonId, words: Sequence[str]) -> Sequence[DocumentId]:
    """Compare documents of a person, the newest first, until enough are found."""
    asked = _reading_on(len(words))
    rows = await db.rows(asked, person=person, limit=FOUND_LIMIT + 1, **_patterns(words))
    return [row["id"] for row in rows]


@cache
def _reading_through(words: int) -> Question:
    newest = (
        select(Document.id, Document.added_at, _has(words).label("matches"))
        .where(Document.person_id == PERSON, _LISTED)
        .order_by(*_NEWEST_FIRST)
        .limit(LIMIT)
        .subquery()
    )
    order = (newest.c.added_at.desc(), newest.c.id.desc())
    matching = func.array_agg(newest.c.id).aggregate_order_by(*order)
    return Question(
        select(matching.filter(newest.c.matches).label("ids"), func.count().label("read"))
    )


@cache
def _looking_up(words: int, marks: int) -> Question:
    marked = [
        Document.search_marks.contains(func.document_search_marks(PERSON, _folded(_mark(number))))
        for number in range(marks)
    ]
    # Materialised: else the planner may hope to meet enough of them on its way from the newest.
    candidates = (
        select(Document.id, Document.added_at)
        .where(Document.person_id == PERSON, _LISTED, *marked, _has(words))
        .cte("candidates")
        .prefix_with("MATERIALIZED", dialect="postgresql")
    )
    order = (candidates.c.added_at.desc(), candidates.c.id.desc())
    return Question(select(candidates.c.id).order_by(*order).limit(LIMIT))


@cache
def _reading_on(words: int) -> Question:
    found = select(Document.id).where(Document.person_id == PERSON, _LISTED, _has(words))
    return Question(found.order_by(*_NEWEST_FIRST).limit(LIMIT))


def _has(words: int) -> ColumnElement[bool]:
    """Return the condition that a document has so many words, each a value of its own."""
    return and_(*(Document.search_text.like(_folded(_word(number))) for number in range(words)))


def _folded(name: str) -> ColumnElement[str]:
    return func.document_search_folded(bindparam(name, type_=Text))


def _patterns(words: Sequence[str]) -> dict[str, str]:
    r"""Return what LIKE takes for each word anywhere: `100%` becomes `%100\%%`."""
    return {
        _word(number): "%" + re.sub(r"([\\%_])", r"\\\1", word) + "%"
        for number, word in enumerate(words)
    }


def _word(number: int) -> str:
    return f"word_{number}"


def _mark(number: int) -> str:
    return f"mark_{number}"


async def _described(db: Reader, ids: Sequence[DocumentId]) -> tuple[FoundDocument, ...]:
    if not ids:
        return ()
    rows = {row["document_id"]: row for row in await db.rows(DESCRIBED, ids=ids)}
    return tuple(FoundDocument(**rows[document_id]) for document_id in ids if document_id in rows)
