"""What is in the trash, and when it vanishes."""

from datetime import UTC, datetime, timedelta

from sqlalchemy import func, select

from bus import Actor
from contracts.documents import TRASH_KEPT, ListTrash, TrashedDocument, TrashPage
from database import Session
from database.documents import Document, DocumentType
from services.query.documents.registration import router

EPOCH = datetime.fromtimestamp(0, UTC)


@router.handle
async def list_trash(query: ListTrash, actor: Actor, db: Session) -> TrashPage:
    own = (Document.person_id == actor.person, Document.deleted_at.is_not(None))
    counted = select(func.count().label("total"), func.max(Document.deleted_at).label("newest"))
    trash = (await db.execute(counted.where(*own))).one()
    statement = (
        select(
            Document.id.label("document_id"),
            Document.name,
            DocumentType.name.label("type_name"),
            (Document.deleted_at + TRASH_KEPT).label("purged_at"),
        )
        .join(DocumentType, DocumentType.id == Document.type_id)
        .where(*own)
        .order_by(Document.deleted_at.desc(), Document.id.desc())
        .offset(query.page.offset)
        .limit(query.page.limit)
    )
    rows = (await db.execute(statement)).mappings()
    return TrashPage(
        documents=tuple(TrashedDocument(**row) for row in rows),
        total=trash.total,
        newest=(trash.newest - EPOCH) // timedelta(microseconds=1) if trash.newest else 0,
    )
