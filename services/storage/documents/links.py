"""Links to a document's files pause while it is in the trash."""

from sqlalchemy import select

from bus import Events
from contracts.base import PersonId
from contracts.documents import DocumentDeleted, DocumentId, DocumentRestored
from contracts.files import UploadHidden, UploadShown
from database import Session
from database.documents import Document, VersionFile
from services.storage.documents.registration import APP, router


@router.handle
async def pause_links_on_document_deleted(
    event: DocumentDeleted, db: Session, events: Events
) -> None:
    await _tell(event.person_id, event.document_id, db, events)


@router.handle
async def resume_links_on_document_restored(
    event: DocumentRestored, db: Session, events: Events
) -> None:
    await _tell(event.person_id, event.document_id, db, events)


async def _tell(person_id: PersonId, document_id: DocumentId, db: Session, events: Events) -> None:
    """Say where the document is now: its events may be heard in another order than they came."""
    files = (
        select(VersionFile.upload_id, Document.version, Document.deleted_at)
        .distinct()
        .join(Document, Document.id == VersionFile.document_id)
        .where(Document.id == document_id, Document.person_id == person_id)
    )
    for upload_id, version, deleted_at in await db.execute(files):
        said = UploadHidden if deleted_at else UploadShown
        events.add(said(person_id=person_id, app=APP, upload_id=upload_id, version=version))
