"""One type with all that is under it."""

from sqlalchemy import func, select

from bus import Actor
from contracts.documents import GetType, Missing, TypeDetails
from database import Session
from database.documents import Document, DocumentType
from services.query.documents.registration import router


@router.handle
async def get_type(query: GetType, actor: Actor, db: Session) -> TypeDetails | Missing:
    deleted = Document.deleted_at.is_not(None)
    under = select(
        func.count().filter(~deleted).label("documents"),
        func.count().filter(deleted).label("in_trash"),
    ).where(Document.type_id == query.type_id, Document.person_id == actor.person)
    own = (DocumentType.id == query.type_id, DocumentType.person_id == actor.person)
    described = select(
        DocumentType.id.label("type_id"),
        DocumentType.version,
        DocumentType.name,
        DocumentType.emoji,
    ).where(*own)
    found = (await db.execute(described)).mappings().one_or_none()
    if found is None:
        return Missing()
    counted = (await db.execute(under)).mappings().one()
    return TypeDetails(**found, **counted)
