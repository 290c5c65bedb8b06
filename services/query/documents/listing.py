"""Types, and the documents under a type, in pages."""

from sqlalchemy import func, select

from bus import Actor
from contracts.base import PersonId
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
from database import Session
from database import documents as tables
from services.query.documents.expiry import expired, today
from services.query.documents.registration import router
from services.quotas import Quotas


@router.handle
async def list_types(query: ListTypes, actor: Actor, db: Session, quotas: Quotas) -> TypePage:
    own = tables.DocumentType.person_id == actor.person
    total = await db.scalar(select(func.count()).select_from(tables.DocumentType).where(own))
    statement = (
        select(
            tables.DocumentType.id.label("type_id"),
            tables.DocumentType.name,
            tables.DocumentType.emoji,
            _documents_of_type.label("documents"),
        )
        .where(own)
        .order_by(func.lower(tables.DocumentType.name))
        .offset(query.page.offset)
        .limit(query.page.limit)
    )
    rows = (await db.execute(statement)).mappings()
    types = tuple(DocumentType(**row) for row in rows)
    usage = await _usage(actor.person, db, quotas)
    return TypePage(types=types, total=total or 0, usage=usage)


async def _usage(person_id: PersonId, db: Session, quotas: Quotas) -> Usage:
    kept = select(func.count()).where(tables.Document.person_id == person_id)
    return Usage(
        documents=await db.scalar(kept) or 0,
        documents_allowed=quotas.documents,
        size=await db.scalar(tables.size_kept(person_id)) or 0,
        size_allowed=quotas.size,
    )


@router.handle
async def list_documents(query: ListDocuments, actor: Actor, db: Session) -> DocumentPage | Missing:
    described = select(
        tables.DocumentType.name.label("type_name"),
        tables.DocumentType.emoji,
        _documents_of_type.label("total"),
    ).where(tables.DocumentType.id == query.type_id, tables.DocumentType.person_id == actor.person)
    document_type = (await db.execute(described)).mappings().one_or_none()
    if document_type is None:
        return Missing()
    statement = (
        select(
            tables.Document.id.label("document_id"),
            tables.Document.name,
            tables.Document.added_at,
            tables.Document.expires_on,
            expired(await today(actor, db)),
        )
        .where(tables.Document.type_id == query.type_id, tables.Document.deleted_at.is_(None))
        .order_by(tables.Document.added_at.desc(), tables.Document.id.desc())
        .offset(query.page.offset)
        .limit(query.page.limit)
    )
    rows = (await db.execute(statement)).mappings()
    documents = tuple(DocumentSummary(**row) for row in rows)
    return DocumentPage(type_id=query.type_id, documents=documents, **document_type)


_documents_of_type = (
    select(func.count())
    .where(tables.Document.type_id == tables.DocumentType.id, tables.Document.deleted_at.is_(None))
    .correlate(tables.DocumentType)
    .scalar_subquery()
)
