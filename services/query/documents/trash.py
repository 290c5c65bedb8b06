"""What is in the trash, and when it vanishes."""

from datetime import UTC, datetime, timedelta

from sqlalchemy import func, select

from bus import Actor
from contracts.documents import TRASH_KEPT, ListTrash, TrashedDocument, TrashPage
from database.documents import Document, DocumentType
from database.reading import LIMIT, OFFSET, PERSON, Headed, Reader, part
from services.query.documents.registration import router

EPOCH = datetime.fromtimestamp(0, UTC)
_TRASHED = (Document.person_id == PERSON, Document.deleted_at.is_not(None))

TRASH = Headed(
    select(func.count().label("total"), func.max(Document.deleted_at).label("newest")).where(
        *_TRASHED
    ),
    select(
        Document.id.label("document_id"),
        Document.name,
        DocumentType.name.label("type_name"),
        (Document.deleted_at + TRASH_KEPT).label("purged_at"),
    )
    .join(DocumentType, DocumentType.id == Document.type_id)
    .where(*_TRASHED)
    .offset(OFFSET)
    .limit(LIMIT),
    order=(Document.deleted_at.desc(), Document.id.desc()),
)


@router.handle
async def list_trash(query: ListTrash, actor: Actor, db: Reader) -> TrashPage:
    found = await db.whole(TRASH, person=actor.person, **part(query.page))
    newest = found.head["newest"]
    return TrashPage(
        documents=tuple(TrashedDocument(**row) for row in found.rows),
        total=found.head["total"],
        newest=(newest - EPOCH) // timedelta(microseconds=1) if newest else 0,
    )
