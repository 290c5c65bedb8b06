"""What documents consist of: the files that were sent for them, version by version."""

from collections.abc import Sequence
from datetime import timedelta

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Integer,
    Select,
    Text,
    and_,
    func,
    literal,
    select,
    true,
)
from sqlalchemy.dialects.postgresql import ARRAY, insert
from sqlalchemy.sql.dml import ReturningInsert

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
        Document.person_id == actor.person, has_name(literal(type_id, BigInteger), name)
    )
    row = (await db.execute(statement)).mappings().one_or_none()
    return InTheWay(**row) if row else None


def has_name(type_id: ColumnElement[int], name: str) -> ColumnElement[bool]:
    """Return whether a document, one at most, has a name under a type."""
    return and_(
        Document.type_id == type_id,
        func.lower(Document.name) == func.lower(name),
        Document.deleted_at.is_(None),
    )


async def namesake(db: Session, actor: Actor, document_id: DocumentId) -> InTheWay | None:
    """Return the document that has the name of a deleted one, under its type."""
    deleted = select(Document.type_id, Document.name).where(Document.id == document_id)
    row = (await db.execute(deleted)).one()
    return await same_name(db, actor, row.type_id, row.name)


async def write_document(
    db: Session,
    events: Events,
    document: ReturningInsert[DocumentId],
    actor: Actor,
    upload_ids: Sequence[UploadId],
) -> DocumentId | None:
    """Write a document with its first version, and claim the files; None if it was not written."""
    written = document.cte("document")
    first = select(written.c.id, literal(1, Integer), literal(actor.person, BigInteger))
    document_id = await db.scalar(_versions(first, upload_ids))
    if document_id is not None:
        _claim(events, actor, upload_ids)
    return document_id


async def write_version(
    db: Session,
    events: Events,
    document: tuple[DocumentId, VersionNumber],
    actor: Actor,
    upload_ids: Sequence[UploadId],
) -> None:
    """Write what a document consists of in one version, and claim the files."""
    document_id, number = literal(document[0], BigInteger), literal(document[1], Integer)
    next_one = select(document_id, number, literal(actor.person, BigInteger))
    await db.execute(_versions(next_one, upload_ids))
    _claim(events, actor, upload_ids)


def _versions(
    source: Select[int, int, int], upload_ids: Sequence[UploadId]
) -> ReturningInsert[DocumentId]:
    """Return what writes versions, by document, number and person, and the files of each."""
    key = ("document_id", "number", "person_id")
    version = (
        insert(DocumentVersion)
        .from_select(key, source)
        .returning(*(getattr(DocumentVersion, name) for name in key))
        .cte("version")
    )
    sent = func.unnest(literal(upload_ids, ARRAY(Text)))
    files = sent.table_valued("upload_id", with_ordinality="position").render_derived("files")
    columns = [*(version.c[name] for name in key), files.c.position, files.c.upload_id]
    return (
        insert(VersionFile)
        .from_select(
            [*key, "position", "upload_id"],
            select(*columns).select_from(version.join(files, true())),
        )
        .returning(VersionFile.document_id)
    )


def _claim(events: Events, actor: Actor, upload_ids: Sequence[UploadId]) -> None:
    for upload_id in upload_ids:
        events.add(UploadClaimed(person_id=actor.person, app=APP, upload_id=upload_id))


def _described() -> Select[int, str, str]:
    return select(
        Document.id.label("document_id"), Document.name, DocumentType.name.label("type_name")
    ).join(DocumentType, DocumentType.id == Document.type_id)
