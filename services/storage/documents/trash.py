"""Deleted documents are purged when their time is over, or when the trash is emptied."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from sqlalchemy import delete, func, select, update

from bus import Actor, Events
from contracts.base import PersonId
from contracts.documents import (
    TRASH_KEPT,
    DocumentId,
    DocumentPurged,
    DocumentSpared,
    EmptyTrash,
    PurgeDocument,
    TrashEmptied,
)
from contracts.files import UploadId, UploadReleased
from database import Session
from database.documents import Document, File, VersionFile
from services.storage.documents.registration import APP, router
from services.storage.schedule import Schedule

EMPTIED_AT_ONCE = 1000
"""Documents; more would not fit into the time of one command."""
EPOCH = datetime.fromtimestamp(0, UTC)


@router.handle
async def purge_document(
    command: PurgeDocument, actor: Actor, db: Session, events: Events
) -> DocumentPurged | DocumentSpared:
    """Who restored it, or deleted it again since, keeps it."""
    over = (
        Document.id == command.document_id,
        Document.person_id == actor.person,
        Document.deleted_at <= func.now() - TRASH_KEPT,
    )
    document_id = await db.scalar(select(Document.id).where(*over).with_for_update())
    if document_id is None:
        return DocumentSpared(person_id=actor.person, document_id=command.document_id)
    await _purge(db, events, actor, [document_id])
    return DocumentPurged(person_id=actor.person, document_id=document_id)


@router.handle
async def empty_trash(
    command: EmptyTrash, actor: Actor, db: Session, events: Events, schedule: Schedule
) -> TrashEmptied:
    """What was deleted after the person looked stays."""
    seen = (
        Document.person_id == actor.person,
        Document.deleted_at <= EPOCH + timedelta(microseconds=command.until),
    )
    oldest = select(Document.id).where(*seen).order_by(Document.deleted_at, Document.id)
    document_ids = (await db.scalars(oldest.limit(EMPTIED_AT_ONCE).with_for_update())).all()
    await _purge(db, events, actor, document_ids)
    for document_id in document_ids:
        await take_out(schedule, document_id)
    left = await db.scalar(select(func.count()).select_from(Document).where(*seen))
    return TrashEmptied(person_id=actor.person, documents=len(document_ids), left=left or 0)


async def throw_away(db: Session, schedule: Schedule, document_id: DocumentId) -> None:
    """Have a document purged that was deleted just now, unless it is taken out before."""
    deleted = select(Document.deleted_at).where(Document.id == document_id)
    deleted_at = await db.scalar(deleted)
    assert deleted_at is not None
    purge = PurgeDocument(document_id=document_id)
    await schedule(_purging(document_id), deleted_at + TRASH_KEPT, purge)


async def take_out_all(db: Session, schedule: Schedule, person_id: PersonId) -> None:
    """Have nothing purged later of what a person deleted."""
    own = (Document.person_id == person_id, Document.deleted_at.is_not(None))
    for document_id in await db.scalars(select(Document.id).where(*own)):
        await take_out(schedule, document_id)


async def take_out(schedule: Schedule, document_id: DocumentId) -> None:
    """Have a document stay that was to be purged."""
    await schedule.cancel(_purging(document_id))


async def _purge(
    db: Session, events: Events, actor: Actor, document_ids: Sequence[DocumentId]
) -> None:
    """Forget documents, and give up the files that no other document consists of."""
    of_documents = select(VersionFile.upload_id).where(VersionFile.document_id.in_(document_ids))
    # Held, so that no document can be made of them meanwhile.
    held = select(File.upload_id).where(File.upload_id.in_(of_documents)).order_by(File.upload_id)
    upload_ids = (await db.scalars(held.with_for_update())).all()
    await db.execute(delete(Document).where(Document.id.in_(document_ids)))
    for upload_id in await _give_up_unused(db, upload_ids):
        events.add(UploadReleased(person_id=actor.person, app=APP, upload_id=upload_id))


async def _give_up_unused(db: Session, upload_ids: Sequence[UploadId]) -> Sequence[UploadId]:
    used = select(VersionFile.upload_id).where(VersionFile.upload_id.in_(upload_ids))
    given_up = (
        update(File)
        .where(File.upload_id.in_(upload_ids), File.upload_id.not_in(used))
        .values(lost=True)
        .returning(File.upload_id)
    )
    return (await db.scalars(given_up)).all()


def _purging(document_id: DocumentId) -> str:
    return f"documents:purge:{document_id}"
