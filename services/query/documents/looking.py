"""One document, with the files of one of its versions."""

from sqlalchemy import BigInteger, Integer, bindparam, func, select

from bus import Actor
from contracts.documents import Document, DocumentFile, GetDocument, Missing
from database import documents as tables
from database.reading import PERSON, Headed, Reader
from services.query.documents.expiry import ZONE, is_over, today
from services.query.documents.registration import router

_DOCUMENT = bindparam("document", type_=BigInteger)
_NUMBER = bindparam("number", type_=Integer)
_number = func.coalesce(func.nullif(_NUMBER, 0), tables.Document.current)
_asked = (
    select(
        tables.Document.id.label("document_id"),
        tables.Document.version,
        tables.Document.type_id,
        tables.DocumentType.name.label("type_name"),
        tables.Document.name,
        tables.Document.note,
        tables.Document.added_at,
        tables.Document.expires_on,
        tables.DocumentVersion.number,
        tables.Document.current,
        tables.DocumentVersion.added_at.label("versioned_at"),
        ZONE,
    )
    .join(tables.DocumentType, tables.DocumentType.id == tables.Document.type_id)
    .join(tables.DocumentVersion, tables.DocumentVersion.document_id == tables.Document.id)
    .where(
        tables.Document.id == _DOCUMENT,
        tables.Document.person_id == PERSON,
        tables.Document.deleted_at.is_(None),
        tables.DocumentVersion.number == _number,
    )
)
_files = (
    select(
        tables.File.upload_id,
        tables.File.kind,
        tables.File.file_id,
        tables.File.file_name,
        tables.File.size,
        tables.File.sha256,
    )
    .join(tables.VersionFile, tables.VersionFile.upload_id == tables.File.upload_id)
    .join(tables.Document, tables.Document.id == tables.VersionFile.document_id)
    .where(tables.VersionFile.document_id == _DOCUMENT, tables.VersionFile.number == _number)
)
DOCUMENT = Headed(_asked, _files, order=(tables.VersionFile.position,))
"""A document with the files of the version `number`, 0 for the current one."""


@router.handle
async def get_document(query: GetDocument, actor: Actor, db: Reader) -> Document | Missing:
    found = await db.page(
        DOCUMENT, person=actor.person, document=query.document_id, number=query.number
    )
    if found is None:
        return Missing()
    day = today(found.head.pop("zone"))
    return Document(
        **found.head,
        expired=is_over(found.head["expires_on"], day),
        files=tuple(DocumentFile(**row) for row in found.rows),
    )
