"""The versions of a document, in pages."""

from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import aggregate_order_by

from bus import Actor
from contracts.documents import DocumentVersion, ListVersions, Missing, VersionPage
from database import Session
from database import documents as tables
from services.query.documents.registration import router


@router.handle
async def list_versions(query: ListVersions, actor: Actor, db: Session) -> VersionPage | Missing:
    described = select(
        tables.Document.name, tables.Document.current, _versions_of_document.label("total")
    ).where(
        tables.Document.id == query.document_id,
        tables.Document.person_id == actor.person,
        tables.Document.deleted_at.is_(None),
    )
    document = (await db.execute(described)).mappings().one_or_none()
    if document is None:
        return Missing()
    statement = (
        select(
            tables.DocumentVersion.number,
            tables.DocumentVersion.added_at,
            _names_of_files.label("file_names"),
        )
        .where(tables.DocumentVersion.document_id == query.document_id)
        .order_by(tables.DocumentVersion.number.desc())
        .offset(query.page.offset)
        .limit(query.page.limit)
    )
    versions = tuple(
        DocumentVersion(number=row.number, added_at=row.added_at, file_names=tuple(row.file_names))
        for row in await db.execute(statement)
    )
    return VersionPage(document_id=query.document_id, versions=versions, **document)


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
