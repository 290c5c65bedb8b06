"""Types, and the documents under a type, in pages."""

from sqlalchemy import BigInteger, bindparam, func, select

from bus import Actor
from contracts.documents import (
    DocumentPage,
    DocumentSummary,
    DocumentType,
    ListDocuments,
    ListTypes,
    Missing,
    TypePage,
    Usage,
)
from database import documents as tables
from database.reading import LIMIT, OFFSET, PERSON, Headed, Reader, part
from services.query.documents.expiry import ZONE, is_over, today
from services.query.documents.registration import router
from services.quotas import Quotas

_TYPE = bindparam("type", type_=BigInteger)
_OWN_TYPES = tables.DocumentType.person_id == PERSON
_documents_of_type = (
    select(func.count())
    .where(tables.Document.type_id == tables.DocumentType.id, tables.Document.deleted_at.is_(None))
    .correlate(tables.DocumentType)
    .scalar_subquery()
)
_types = select(func.count()).select_from(tables.DocumentType).where(_OWN_TYPES)
_documents = select(func.count()).where(tables.Document.person_id == PERSON)

TYPES = Headed(
    select(
        _types.scalar_subquery().label("total"),
        _documents.scalar_subquery().label("documents"),
        tables.size_kept(PERSON).scalar_subquery().label("size"),
    ),
    select(
        tables.DocumentType.id.label("type_id"),
        tables.DocumentType.name,
        tables.DocumentType.emoji,
        _documents_of_type.label("documents"),
    )
    .where(_OWN_TYPES)
    .offset(OFFSET)
    .limit(LIMIT),
    order=(func.lower(tables.DocumentType.name),),
)

DOCUMENTS = Headed(
    select(
        tables.DocumentType.name.label("type_name"),
        tables.DocumentType.emoji,
        _documents_of_type.label("total"),
        ZONE,
    ).where(tables.DocumentType.id == _TYPE, _OWN_TYPES),
    select(
        tables.Document.id.label("document_id"),
        tables.Document.name,
        tables.Document.added_at,
        tables.Document.expires_on,
    )
    .where(tables.Document.type_id == _TYPE, tables.Document.deleted_at.is_(None))
    .offset(OFFSET)
    .limit(LIMIT),
    order=(tables.Document.added_at.desc(), tables.Document.id.desc()),
)


@router.handle
async def list_types(query: ListTypes, actor: Actor, db: Reader, quotas: Quotas) -> TypePage:
    found = await db.whole(TYPES, person=actor.person, **part(query.page))
    return TypePage(
        types=tuple(DocumentType(**row) for row in found.rows),
        total=found.head["total"],
        usage=Usage(
            documents=found.head["documents"],
            documents_allowed=quotas.documents,
            size=found.head["size"],
            size_allowed=quotas.size,
        ),
    )


@router.handle
async def list_documents(query: ListDocuments, actor: Actor, db: Reader) -> DocumentPage | Missing:
    found = await db.page(DOCUMENTS, person=actor.person, type=query.type_id, **part(query.page))
    if found is None:
        return Missing()
    day = today(found.head["zone"])
    return DocumentPage(
        type_id=query.type_id,
        type_name=found.head["type_name"],
        emoji=found.head["emoji"],
        documents=tuple(
            DocumentSummary(**row, expired=is_over(row["expires_on"], day)) for row in found.rows
        ),
        total=found.head["total"],
    )
