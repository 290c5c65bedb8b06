"""Types are renamed, and deleted once nothing is under them."""

from asyncpg import UniqueViolationError
from sqlalchemy import Row, delete, func, select, update
from sqlalchemy.exc import IntegrityError

from bus import Actor
from contracts.documents import (
    DeleteType,
    RenameType,
    TypeDeleted,
    TypeRefused,
    TypeRenamed,
)
from database import Session
from database.documents import Document, DocumentType
from services.storage.documents.registration import router
from services.storage.names import tidy


@router.handle
async def rename_type(command: RenameType, actor: Actor, db: Session) -> TypeRenamed | TypeRefused:
    name, emoji = tidy(command.name), tidy(command.emoji)
    found = await _seen(command, actor, db, name)
    if isinstance(found, TypeRefused):
        return found
    changed = (
        update(DocumentType)
        .where(DocumentType.id == command.type_id)
        .values(name=name, emoji=emoji, version=DocumentType.version + 1)
    )
    try:
        async with db.begin_nested():
            await db.execute(changed)
    except IntegrityError as error:
        if not isinstance(error.driver_exception, UniqueViolationError):
            raise
        return TypeRefused(
            person_id=actor.person, type_id=command.type_id, name=name, reason="name_taken"
        )
    return TypeRenamed(person_id=actor.person, type_id=command.type_id, name=name, emoji=emoji)


@router.handle
async def delete_type(command: DeleteType, actor: Actor, db: Session) -> TypeDeleted | TypeRefused:
    """What is in the trash counts: restored, it would have no type to return to."""
    found = await _seen(command, actor, db)
    if isinstance(found, TypeRefused):
        return found
    kept = await _count(db, command.type_id)
    if kept.listed or kept.deleted:
        return TypeRefused(
            person_id=actor.person,
            type_id=command.type_id,
            name=found.name,
            reason="has_documents" if kept.listed else "has_trash",
            documents=kept.listed or kept.deleted,
        )
    await db.execute(delete(DocumentType).where(DocumentType.id == command.type_id))
    return TypeDeleted(person_id=actor.person, type_id=command.type_id, name=found.name)


async def _seen(
    command: RenameType | DeleteType, actor: Actor, db: Session, wanted: str = ""
) -> Row[str, int] | TypeRefused:
    """Return the type as the person saw it, held against new documents; or why it stays."""
    own = (DocumentType.id == command.type_id, DocumentType.person_id == actor.person)
    statement = select(DocumentType.name, DocumentType.version).where(*own).with_for_update()
    found = (await db.execute(statement)).one_or_none()
    if found and found.version == command.version:
        return found
    return TypeRefused(
        person_id=actor.person,
        type_id=command.type_id,
        name=found.name if found else wanted,
        reason="changed_meanwhile" if found else "no_such_type",
    )


async def _count(db: Session, type_id: int) -> Row[int, int]:
    deleted = Document.deleted_at.is_not(None)
    statement = select(
        func.count().filter(~deleted).label("listed"), func.count().filter(deleted).label("deleted")
    )
    return (await db.execute(statement.where(Document.type_id == type_id))).one()
