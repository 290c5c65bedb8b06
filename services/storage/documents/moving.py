"""Documents are moved from type to type."""

from sqlalchemy import select

from bus import Actor
from contracts.documents import DocumentMoved, DocumentRefused, MoveDocument, TypeId
from database import Session
from database.documents import DocumentType
from services.storage.documents.own import change, seen
from services.storage.documents.registration import router


@router.handle
async def move_document(
    command: MoveDocument, actor: Actor, db: Session
) -> DocumentMoved | DocumentRefused:
    document = await seen(command, actor, db)
    if isinstance(document, DocumentRefused):
        return document
    type_name = await _hold_type(db, actor, command.type_id)
    refused = DocumentRefused(
        person_id=actor.person,
        reason="name_taken_there" if type_name else "no_such_type",
        name=document.name,
        type_name=type_name or "",
        document_id=command.document_id,
    )
    if not type_name or not await change(db, command.document_id, type_id=command.type_id):
        return refused
    return DocumentMoved(
        person_id=actor.person,
        document_id=command.document_id,
        name=document.name,
        type_id=command.type_id,
        type_name=type_name,
    )


async def _hold_type(db: Session, actor: Actor, type_id: TypeId) -> str | None:
    """Return the name of an own type, which nobody can delete until the transaction ends."""
    own = (DocumentType.id == type_id, DocumentType.person_id == actor.person)
    return await db.scalar(
        select(DocumentType.name).where(*own).with_for_update(read=True, key_share=True)
    )
