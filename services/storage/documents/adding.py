"""Documents are added once the bytes of their files are kept."""

from datetime import timedelta

from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import insert

from bus import Actor, Events, NotYet
from contracts.documents import AddDocument, DocumentAdded, DocumentRefused
from contracts.files import UploadClaimed, UploadId
from database import Session
from database.documents import Document, DocumentType, DocumentVersion, File, VersionFile
from services.storage.documents.names import tidy
from services.storage.documents.registration import APP, router

SAVED_WITHIN = timedelta(hours=23)
"""How long a file may become a document. Files that nothing claims are discarded after a day;
the last hour is left for a claim to arrive."""


@router.handle
async def add_document(
    command: AddDocument, actor: Actor, db: Session, events: Events
) -> DocumentAdded | DocumentRefused:
    """Not confirmed before the bytes of its upload are kept.

    Raises:
        NotYet: it is not known yet what became of the upload.
    """
    name = tidy(command.name)
    type_name = await db.scalar(
        select(DocumentType.name).where(
            DocumentType.id == command.type_id, DocumentType.person_id == actor.person
        )
    )
    if type_name is None:
        return DocumentRefused(person_id=actor.person, reason="no_such_type", name=name)
    if not await _can_be_saved(db, actor, command.upload_id):
        return DocumentRefused(
            person_id=actor.person, reason="upload_lost", name=name, type_name=type_name
        )
    document = insert(Document).values(person_id=actor.person, type_id=command.type_id, name=name)
    document_id = await db.scalar(document.on_conflict_do_nothing().returning(Document.id))
    if document_id is None:
        return DocumentRefused(
            person_id=actor.person, reason="name_taken", name=name, type_name=type_name
        )
    first = {"document_id": document_id, "number": 1, "person_id": actor.person}
    await db.execute(insert(DocumentVersion).values(first))
    await db.execute(insert(VersionFile).values(**first, position=1, upload_id=command.upload_id))
    events.add(UploadClaimed(person_id=actor.person, app=APP, upload_id=command.upload_id))
    return DocumentAdded(
        person_id=actor.person,
        document_id=document_id,
        type_id=command.type_id,
        type_name=type_name,
        name=name,
    )


async def _can_be_saved(db: Session, actor: Actor, upload_id: UploadId) -> bool:
    fresh = File.known_since > func.now() - SAVED_WITHIN
    file = (
        await db.execute(
            select(File.person_id, File.lost, fresh.label("fresh")).where(
                File.upload_id == upload_id
            )
        )
    ).one_or_none()
    if file is None:
        raise NotYet(f"nothing is known of upload {upload_id} yet")
    return bool(file.person_id == actor.person and file.fresh and not file.lost)
