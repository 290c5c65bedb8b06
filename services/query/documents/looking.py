"""One document, with the files of one of its versions."""

from sqlalchemy import select

from bus import Actor
from contracts.documents import Document, DocumentFile, DocumentId, GetDocument, Missing
from database import Session
from database import documents as tables
from services.query.documents.expiry import expired, today
from services.query.documents.registration import router


@router.handle
async def get_document(query: GetDocument, actor: Actor, db: Session) -> Document | Missing:
    number = query.number or tables.Document.current
    statement = (
        select(
            tables.Document.id.label("document_id"),
            tables.Document.version,
            tables.Document.type_id,
            tables.DocumentType.name.label("type_name"),
            tables.Document.name,
            tables.Document.note,
            tables.Document.added_at,
            tables.Document.expires_on,
            expired(await today(actor, db)),
            tables.DocumentVersion.number,
            tables.Document.current,
            tables.DocumentVersion.added_at.label("versioned_at"),
        )
        .join(tables.DocumentType, tables.DocumentType.id == tables.Document.type_id)
        .join(tables.DocumentVersion, tables.DocumentVersion.document_id == tables.Document.id)
        .where(
            tables.Document.id == query.document_id,
            tables.Document.person_id == actor.person,
            tables.Document.deleted_at.is_(None),
            tables.DocumentVersion.number == number,
        )
    )
    row = (await db.execute(statement)).mappings().one_or_none()
    if row is None:
        return Missing()
    return Document(**row, files=await _files(db, query.document_id, row["number"]))


async def _files(db: Session, document_id: DocumentId, number: int) -> tuple[DocumentFile, ...]:
    statement = (
        select(
            tables.File.upload_id,
            tables.File.kind,
            tables.File.file_id,
            tables.File.file_name,
            tables.File.size,
            tables.File.sha256,
        )
        .join(tables.VersionFile, tables.VersionFile.upload_id == tables.File.upload_id)
        .where(tables.VersionFile.document_id == document_id, tables.VersionFile.number == number)
        .order_by(tables.VersionFile.position)
    )
    return tuple(DocumentFile(**row) for row in (await db.execute(statement)).mappings())
