"""A document as its owner may change it: in the version that they saw, and held meanwhile."""

from datetime import datetime
from typing import Any, Protocol

from asyncpg import UniqueViolationError
from sqlalchemy import Row, func, select, update
from sqlalchemy.exc import IntegrityError

from bus import Actor
from contracts.documents import DocumentId, DocumentRefused, Version
from database import Session
from database.documents import Document, DocumentType

Found = Row[str, int, int, datetime | None, str]
"""Name, version, current, deleted_at and type_name of a document."""


class Change(Protocol):
    """A command that changes the version of a document that the person saw."""

    @property
    def document_id(self) -> DocumentId: ...

    @property
    def version(self) -> Version: ...


async def seen(command: Change, actor: Actor, db: Session) -> Found | DocumentRefused:
    """Return the document as it was when the person saw it, or why that cannot be changed."""
    document = await find(db, actor, command.document_id)
    if document is None or document.deleted_at:
        return no_such_document(actor, command.document_id)
    if document.version != command.version:
        return DocumentRefused(
            person_id=actor.person,
            reason="changed_meanwhile",
            name=document.name,
            type_name=document.type_name,
            document_id=command.document_id,
        )
    return document


async def find(db: Session, actor: Actor, document_id: DocumentId) -> Found | None:
    """Return an own document, deleted or not, and hold it until the transaction ends."""
    statement = (
        select(
            Document.name,
            Document.version,
            Document.current,
            Document.deleted_at,
            DocumentType.name.label("type_name"),
        )
        .join(DocumentType, DocumentType.id == Document.type_id)
        .where(Document.id == document_id, Document.person_id == actor.person)
        .with_for_update(of=Document)
    )
    return (await db.execute(statement)).one_or_none()


async def change(db: Session, document_id: DocumentId, **values: Any) -> bool:
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


def no_such_document(actor: Actor, document_id: DocumentId) -> DocumentRefused:
    """Return the refusal for a document that is deleted, unknown, or somebody else's."""
    return DocumentRefused(
        person_id=actor.person, reason="no_such_document", document_id=document_id
    )
