"""Types of documents are added, up to a limit."""

from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import insert

from bus import Actor
from contracts.documents import AddType, TypeAdded, TypeRefused
from database import Session
from database.documents import DocumentType
from services.storage.documents.registration import APP, router
from services.storage.names import tidy
from services.storage.turns import take_turns

TYPES_LIMIT = 100


@router.handle
async def add_type(command: AddType, actor: Actor, db: Session) -> TypeAdded | TypeRefused:
    name = tidy(command.name)
    await take_turns(f"{APP}.types", [actor.person], db)
    if await _is_full(db, actor):
        return TypeRefused(person_id=actor.person, name=name, reason="too_many_types")
    new_type = insert(DocumentType).values(
        person_id=actor.person, name=name, emoji=tidy(command.emoji)
    )
    added = new_type.on_conflict_do_nothing().returning(DocumentType.id, DocumentType.emoji)
    row = (await db.execute(added)).one_or_none()
    if row is None:
        return TypeRefused(person_id=actor.person, name=name, reason="name_taken")
    return TypeAdded(person_id=actor.person, type_id=row.id, name=name, emoji=row.emoji)


async def _is_full(db: Session, actor: Actor) -> bool:
    count = select(func.count()).where(DocumentType.person_id == actor.person)
    return (await db.scalar(count) or 0) >= TYPES_LIMIT
