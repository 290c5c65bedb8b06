"""One type with all that is under it."""

from sqlalchemy import BigInteger, bindparam, func, select, true

from bus import Actor
from contracts.documents import GetType, Missing, TypeDetails
from database.documents import Document, DocumentType
from database.reading import PERSON, Question, Reader
from services.query.documents.registration import router

_TYPE = bindparam("type", type_=BigInteger)
_deleted = Document.deleted_at.is_not(None)
_under = (
    select(
        func.count().filter(~_deleted).label("documents"),
        func.count().filter(_deleted).label("in_trash"),
    )
    .where(Document.type_id == _TYPE, Document.person_id == PERSON)
    .subquery()
)
TYPE = Question(
    select(
        DocumentType.id.label("type_id"),
        DocumentType.version,
        DocumentType.name,
        DocumentType.emoji,
        _under.c.documents,
        _under.c.in_trash,
    )
    .join(_under, true())
    .where(DocumentType.id == _TYPE, DocumentType.person_id == PERSON)
)


@router.handle
async def get_type(query: GetType, actor: Actor, db: Reader) -> TypeDetails | Missing:
    found = await db.row(TYPE, person=actor.person, type=query.type_id)
    return Missing() if found is None else TypeDetails(**found)
