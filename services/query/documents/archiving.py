"""The files of everything under a type."""

from pathlib import PurePath

from sqlalchemy import BigInteger, bindparam, func, select

from bus import Actor
from contracts.documents import ListTypeFiles, Missing, TypeFiles
from contracts.files import ARCHIVE_LIMIT, ArchivedFile
from database.documents import Document, DocumentType, File, VersionFile
from database.reading import LIMIT, OFFSET, PERSON, Headed, Reader
from services.query.documents.registration import router

SUFFIX_LENGTH = 16

_TYPE = bindparam("type", type_=BigInteger)
FILES = Headed(
    select(
        DocumentType.id.label("type_id"), DocumentType.name.label("type_name"), DocumentType.emoji
    ).where(DocumentType.id == _TYPE, DocumentType.person_id == PERSON),
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
    .where(
        Document.type_id == _TYPE,
        Document.deleted_at.is_(None),
        # They have their document's person: with that they are found by it.
        VersionFile.person_id == PERSON,
        File.person_id == PERSON,
    )
    .offset(OFFSET)
    .limit(LIMIT),
    order=(func.lower(Document.name), Document.id, VersionFile.position),
)


@router.handle
async def list_type_files(query: ListTypeFiles, actor: Actor, db: Reader) -> TypeFiles | Missing:
    """Files are named as their documents are; several of one document are numbered."""
    place = {"offset": query.offset, "limit": ARCHIVE_LIMIT}
    found = await db.page(FILES, person=actor.person, type=query.type_id, **place)
    if found is None:
        return Missing()
    files = tuple(
        ArchivedFile(
            upload_id=row["upload_id"],
            name=_name(
                row["name"], row["file_name"] or "", row["position"] if row["files"] > 1 else 0
            ),
            size=row["size"] or 0,
        )
        for row in found.rows
    )
    return TypeFiles(**found.head, files=files, total=found.rows[0]["total"] if files else 0)


def _name(document: str, file: str, number: int) -> str:
    """Return the name of a document's file, with a number where it has several."""
    return f"{document} {number or ''}".strip() + PurePath(file).suffix[:SUFFIX_LENGTH]
