"""The files of everything under a type."""

from pathlib import PurePath

from sqlalchemy import func, select

from bus import Actor
from contracts.documents import ListTypeFiles, Missing, TypeFiles
from contracts.files import ARCHIVE_LIMIT, ArchivedFile
from database import Session
from database.documents import Document, DocumentType, File, VersionFile
from services.query.documents.registration import router

SUFFIX_LENGTH = 16


@router.handle
async def list_type_files(query: ListTypeFiles, actor: Actor, db: Session) -> TypeFiles | Missing:
    """Files are named as their documents are; several of one document are numbered."""
    own_type = select(
        DocumentType.id.label("type_id"), DocumentType.name.label("type_name"), DocumentType.emoji
    ).where(DocumentType.id == query.type_id, DocumentType.person_id == actor.person)
    described = (await db.execute(own_type)).mappings().one_or_none()
    if described is None:
        return Missing()
    current = (
        select(
            Document.name,
            VersionFile.position,
            File.upload_id,
            File.file_name,
            File.size,
            func.count().over(partition_by=Document.id).label("files"),
            func.count().over().label("total"),
        )
        .join(
            VersionFile,
            (VersionFile.document_id == Document.id) & (VersionFile.number == Document.current),
        )
        .join(File, File.upload_id == VersionFile.upload_id)
        .where(Document.type_id == query.type_id, Document.deleted_at.is_(None))
        .order_by(func.lower(Document.name), Document.id, VersionFile.position)
        .offset(query.offset)
        .limit(ARCHIVE_LIMIT)
    )
    rows = (await db.execute(current)).all()
    files = tuple(
        ArchivedFile(
            upload_id=row.upload_id,
            name=_name(row.name, row.file_name or "", row.position if row.files > 1 else 0),
            size=row.size or 0,
        )
        for row in rows
    )
    return TypeFiles(files=files, total=rows[0].total if rows else 0, **described)


def _name(document: str, file: str, number: int) -> str:
    """Return the name of a document's file, with a number where it has several."""
    return f"{document} {number or ''}".strip() + PurePath(file).suffix[:SUFFIX_LENGTH]
