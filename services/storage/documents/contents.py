"""What documents consist of: the files that were sent for them, version by version."""

from collections.abc import Sequence

from sqlalchemy import select

from bus import Actor, Events, NotYet
from bus.spans import link_current_span
from contracts.documents import AddDocument, DocumentId, InTheWay, VersionNumber
from contracts.files import UploadClaimed, UploadId
from database import Session
from database.documents import Document
from services.storage.documents import statements
from services.storage.documents.registration import APP
from services.storage.names import tidy


async def can_be_saved(db: Session, actor: Actor, upload_ids: Sequence[UploadId]) -> bool:
    """Tell whether all of these files are there still.

    Raises:
        NotYet: it is not known yet what became of one of them.
    """
    rows = (await db.execute(statements.FILES, {"uploads": upload_ids})).all()
    unknown = set(upload_ids) - {row.upload_id for row in rows}
    if unknown:
        raise NotYet(f"nothing is known of uploads {', '.join(sorted(unknown))} yet")
    link_current_span(row.traceparent for row in rows)
    return all(row.person_id == actor.person and row.fresh and not row.lost for row in rows)


async def same_content(
    db: Session, actor: Actor, upload_ids: Sequence[UploadId]
) -> InTheWay | None:
    """Return a document of the person that has a file of the same bytes, in whatever version."""
    sent = {"person": actor.person, "uploads": upload_ids}
    row = (await db.execute(statements.SAME_CONTENT, sent)).mappings().one_or_none()
    return InTheWay(**row) if row else None


async def same_name(db: Session, actor: Actor, type_id: int, name: str) -> InTheWay | None:
    """Return the person's document under a type that has a name already."""
    asked = {"person": actor.person, "type": type_id, "name": name}
    row = (await db.execute(statements.SAME_NAME, asked)).mappings().one_or_none()
    return InTheWay(**row) if row else None


async def namesake(db: Session, actor: Actor, document_id: DocumentId) -> InTheWay | None:
    """Return the document that has the name of a deleted one, under its type."""
    deleted = select(Document.type_id, Document.name).where(Document.id == document_id)
    row = (await db.execute(deleted)).one()
    return await same_name(db, actor, row.type_id, row.name)


async def write_document(
    db: Session, events: Events, actor: Actor, command: AddDocument
) -> DocumentId | None:
    """Write a document with its first version, and claim the files; None if its name is taken."""
    document_id: DocumentId | None = await db.scalar(
        statements.NEW_DOCUMENT,
        {
            "person": actor.person,
            "type": command.type_id,
            "name": tidy(command.name),
            "uploads": command.files,
        },
    )
    if document_id is not None:
        _claim(events, actor, command.files)
    return document_id


async def write_version(
    db: Session,
    events: Events,
    document: tuple[DocumentId, VersionNumber],
    actor: Actor,
    upload_ids: Sequence[UploadId],
) -> None:
    """Write what a document consists of in one version, and claim the files."""
    document_id, number = document
    version = {"document": document_id, "number": number, "person": actor.person}
    await db.execute(statements.NEXT_VERSION, version | {"uploads": upload_ids})
    _claim(events, actor, upload_ids)


def _claim(events: Events, actor: Actor, upload_ids: Sequence[UploadId]) -> None:
    for upload_id in upload_ids:
        events.add(UploadClaimed(person_id=actor.person, app=APP, upload_id=upload_id))
