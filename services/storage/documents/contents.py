"""What documents consist of: the files that were sent for them, version by version."""

from collections.abc import Sequence
from datetime import timedelta

from sqlalchemy import Select, func, select
from sqlalchemy.dialects.postgresql import insert

from bus import Actor, Events, NotYet
from bus.spans import link_current_span
from contracts.documents import DocumentId, InTheWay, VersionNumber
from contracts.files import UploadClaimed, UploadId
from database import Session
from database.documents import Document, DocumentType, DocumentVersion, File, VersionFile
from services.storage.documents.registration import APP

SAVED_WITHIN = timedelta(hours=23)
"""How long a file may become part of a document. Files that nothing claims are discarded after a
day; the last hour is left for a claim to arrive."""


async def can_be_saved(db: Session, actor: Actor, upload_ids: Sequence[UploadId]) -> bool:
    """Tell whether all of these files are there still.

    Raises:
        NotYet: it is not known yet what became of one of them.
    """
    fresh = File.known_since > func.now() - SAVED_WITHIN
    known = (File.upload_id, File.person_id, File.lost, File.traceparent)
    statement = select(*known, fresh.label("fresh"))
    rows = (await db.execute(statement.where(File.upload_id.in_(upload_ids)))).all()
    unknown = set(upload_ids) - {row.upload_id for row in rows}
    if unknown:
        raise NotYet(f"nothing is known of uploads {', '.join(sorted(unknown))} yet")
    link_current_span(row.traceparent for row in rows)
    return all(row.person_id == actor.person and row.fresh and not row.lost for row in rows)


async def same_content(
    db: Session, actor: Actor, upload_ids: Sequence[UploadId]
) -> InTheWay | None:
    """Return a document of the person that has a file of the same bytes, in whatever version."""
    sent = select(File.sha256).where(File.upload_id.in_(upload_ids))
    statement = (
        _described()
        .join(VersionFile, VersionFile.document_id == Document.id)
        .join(File, File.upload_id == VersionFile.upload_id)
        .where(
            File.person_id == actor.person,
            File.sha256.in_(sent),
            Document.deleted_at.is_(None),
        )
        .order_by(Document.added_at.desc(), Document.id.desc())
        .limit(1)
    )
    row = (await db.execute(statement)).mappings().one_or_none()
    return InTheWay(**row) if row else None


async def same_name(db: Session, actor: Actor, type_id: int, name: str) -> InTheWay | None:
    """Return the person's document under a type that has a name already."""
    statement = _described().where(
        Document.type_id == type_id,
        Document.person_id == actor.person,
        func.lower(Document.name) == func.lower(name),
        Document.deleted_at.is_(None),
    )
    row = (await db.execute(statement)).mappings().one_or_none()
    return InTheWay(**row) if row else None


async def namesake(db: Session, actor: Actor, document_id: DocumentId) -> InTheWay | None:
    """Return the document that has the name of a deleted one, under its type."""
    deleted = select(Document.type_id, Document.name).where(Document.id == document_id)
    row = (await db.execute(deleted)).one()
    return await same_name(db, actor, row.type_id, row.name)


async def write_version(
    db: Session,
    events: Events,
    document: tuple[DocumentId, VersionNumber],
    actor: Actor,
    upload_ids: Sequence[UploadId],
) -> None:
    """Write what a document consists of in one version, and claim the files."""
    document_id, number = document
    version = {"document_id": document_id, "number": number, "person_id": actor.person}
    await db.execute(insert(DocumentVersion).values(version))
    files = [
        {**version, "position": position, "upload_id": upload_id}
        for position, upload_id in enumerate(upload_ids, start=1)
    ]
    await db.execute(insert(VersionFile).values(files))
    for upload_id in upload_ids:
        events.add(UploadClaimed(person_id=actor.person, app=APP, upload_id=upload_id))


def _described() -> Select[int, str, str]:
    return select(
        Document.id.label("document_id"), Document.name, DocumentType.name.label("type_name")
    ).join(DocumentType, DocumentType.id == Document.type_id)
