"""Documents are renamed, deleted and restored, in the version that the person saw."""

from datetime import datetime
from typing import Any

from asyncpg import UniqueViolationError
from sqlalchemy import Row, func, select, update
from sqlalchemy.exc import IntegrityError

from bus import Actor
from contracts.documents import (
    DeleteDocument,
    DocumentDeleted,
    DocumentId,
    DocumentRefused,
    DocumentRenamed,
    DocumentRestored,
    RenameDocument,
    RestoreDocument,
)
from database import Session
from database.documents import Document, DocumentType
from services.storage.documents.names import tidy
from services.storage.documents.registration import router

_Found = Row[str, int, datetime | None, str]
"""Name, version, deleted_at and type_name of a document."""


@router.handle
async def rename_document(
    command: RenameDocument, actor: Actor, db: Session
) -> DocumentRenamed | DocumentRefused:
    document = await _seen(command, actor, db)
    if isinstance(document, DocumentRefused):
        return document
    name = tidy(command.name)
    if not await _change(db, command.document_id, name=name):
        return DocumentRefused(
            person_id=actor.person,
            reason="name_taken",
            name=name,
            type_name=document.type_name,
            document_id=command.document_id,
        )
    return DocumentRenamed(person_id=actor.person, document_id=command.document_id, name=name)


@router.handle
async def delete_document(
    command: DeleteDocument, actor: Actor, db: Session
) -> DocumentDeleted | DocumentRefused:
    document = await _seen(command, actor, db)
    if isinstance(document, DocumentRefused):
        return document
    await _change(db, command.document_id, deleted_at=func.now())
    return DocumentDeleted(
        person_id=actor.person, document_id=command.document_id, name=document.name
    )


@router.handle
async def restore_document(
    command: RestoreDocument, actor: Actor, db: Session
) -> DocumentRestored | DocumentRefused:
    """A document that is not deleted is restored already."""
    document = await _find(db, actor, command.document_id)
    if document is None:
        return _no_such_document(actor, command.document_id)
    if document.deleted_at and not await _change(db, command.document_id, deleted_at=None):
        return DocumentRefused(
            person_id=actor.person,
            reason="name_taken",
            name=document.name,
            type_name=document.type_name,
            document_id=command.document_id,
        )
    return DocumentRestored(
        person_id=actor.person, document_id=command.document_id, name=document.name
    )


async def _seen(
    command: RenameDocument | DeleteDocument, actor: Actor, db: Session
) -> _Found | DocumentRefused:
    """Return the document as it was when the person saw it, or why that cannot be changed."""
    document = await _find(db, actor, command.document_id)
    if document is None or document.deleted_at:
        return _no_such_document(actor, command.document_id)
    if document.version != command.version:
        return DocumentRefused(
            person_id=actor.person,
            reason="changed_meanwhile",
            name=document.name,
            type_name=document.type_name,
            document_id=command.document_id,
        )
    return document


async def _find(db: Session, actor: Actor, document_id: DocumentId) -> _Found | None:
    """Return an own document, deleted or not, and hold it until the transaction ends."""
    statement = (
        select(
            Document.name,
            Document.version,
            Document.deleted_at,
            DocumentType.name.label("type_name"),
        )
        .join(DocumentType, DocumentType.id == Document.type_id)
        .where(Document.id == document_id, Document.person_id == actor.person)
        .with_for_update(of=Document)
    )
    return (await db.execute(statement)).one_or_none()


async def _change(db: Session, document_id: DocumentId, **values: Any) -> bool:
    """Make the next version of a document; False if its name is taken under its type."""
    statement = (
        update(Document)
        .where(Document.id == document_id)
        .values(version=Document.version + 1, changed_at=func.now(), **values)
    )
    try:
        async with db.begin_nested():
            await db.execute(statement)
    except IntegrityError as error:
        if not isinstance(error.driver_exception, UniqueViolationError):
            raise
        return False
    return True


def _no_such_document(actor: Actor, document_id: DocumentId) -> DocumentRefused:
    return DocumentRefused(
        person_id=actor.person, reason="no_such_document", document_id=document_id
    )
