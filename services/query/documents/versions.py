"""The versions of a document, in pages."""

from sqlalchemy import BigInteger, bindparam, func, select
from sqlalchemy.dialects.postgresql import aggregate_order_by

from bus import Actor
from contracts.documents import DocumentVersion, ListVersions, Missing, VersionPage
from database import documents as tables
from database.reading import LIMIT, OFFSET, PERSON, Headed, Reader, part
from services.query.documents.registration import router

_DOCUMENT = bindparam("document", type_=BigInteger)
_versions_of_document = (
    select(func.count())
    .where(tables.DocumentVersion.document_id == tables.Document.id)
    .correlate(tables.Document)
    .scalar_subquery()
)
_names_of_files = (
    select(func.array_agg(aggregate_order_by(tables.File.file_name, tables.VersionFile.position)))
    .join(tables.VersionFile, tables.VersionFile.upload_id == tables.File.upload_id)
    .where(
        tables.VersionFile.document_id == tables.DocumentVersion.document_id,
        tables.VersionFile.number == tables.DocumentVersion.number,
    )
    .correlate(tables.DocumentVersion)
    .scalar_subquery()
)
VERSIONS = Headed(
    select(
        tables.Document.id.label("document_id"),
        tables.Document.name,
        tables.Document.current,
        _versions_of_document.label("total"),
    ).where(
        tables.Document.id == _DOCUMENT,
        tables.Document.person_id == PERSON,
        tables.Document.deleted_at.is_(None),
    ),
    select(
        tables.DocumentVersion.number,
        tables.DocumentVersion.added_at,
        _names_of_files.label("file_names"),
    )
    .where(tables.DocumentVersion.document_id == _DOCUMENT)
    .offset(OFFSET)
    .limit(LIMIT),
    order=(tables.DocumentVersion.number.desc(),),
)


@router.handle
async def list_versions(query: ListVersions, actor: Actor, db: Reader) -> VersionPage | Missing:
    found = await db.page(
        VERSIONS, person=actor.person, document=query.document_id, **part(query.page)
    )
    if found is None:
        return Missing()
    versions = tuple(
        DocumentVersion(
            number=row["number"], added_at=row["added_at"], file_names=tuple(row["file_names"])
        )
        for row in found.rows
    )
    return VersionPage(**found.head, versions=versions)
