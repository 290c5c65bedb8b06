"""The same checks and rows by SQLAlchemy's ORM, an object each."""

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker, create_async_engine

from benchmarks.peers.rows import POOL, NewDocument, Refused
from database.documents import (
    Document,
    DocumentType,
    DocumentVersion,
    File,
    VersionFile,
    size_kept,
)
from database.files import Claim
from database.handled import Handled


def session_maker(url: str) -> async_sessionmaker[AsyncSession]:
    """Return what makes sessions, on a pool as large as the others'."""
    return async_sessionmaker(create_async_engine(url, pool_size=POOL, max_overflow=0))


async def add_by_orm(session: AsyncSession, new: NewDocument, message_id: str) -> int:
    """Check and write, within the caller's transaction; return the document's id."""
    await _check(session, new)
    document = Document(person_id=new.person, type_id=new.type_id, name=new.name)
    session.add(document)
    await session.flush()
    version = {"document_id": document.id, "number": 1, "person_id": new.person}
    session.add(DocumentVersion(**version))
    await session.flush()
    session.add(VersionFile(**version, position=1, upload_id=new.upload_id))
    session.add(Claim(upload_id=new.upload_id, app="documents", person_id=new.person))
    said = {"document_id": document.id, "type_id": new.type_id, "name": new.name}
    session.add(Handled(handler="http", message_id=message_id, outcome=said, events=[]))
    await session.flush()
    return document.id


async def _check(session: AsyncSession, new: NewDocument) -> None:
    kind = await session.get(DocumentType, new.type_id)
    if kind is None or kind.person_id != new.person:
        raise Refused("no_such_type")
    file = await session.get(File, new.upload_id)
    if file is None or file.lost or file.person_id != new.person:
        raise Refused("upload_lost")
    own = (Document.person_id == new.person, Document.deleted_at.is_(None))
    named = func.lower(Document.name) == func.lower(new.name)
    same_name = select(Document).where(Document.type_id == new.type_id, named, *own)
    if await session.scalar(same_name):
        raise Refused("name_taken")
    same_content = (
        select(Document)
        .join(VersionFile, VersionFile.document_id == Document.id)
        .join(File, File.upload_id == VersionFile.upload_id)
        .where(File.person_id == new.person, File.sha256 == file.sha256, *own)
        .limit(1)
    )
    if await session.scalar(same_content):
        raise Refused("same_content")
    key = func.hashtextextended(f"documents.quotas.{new.person}", 0)
    await session.execute(select(func.pg_advisory_xact_lock(key)))
    kept = select(func.count()).select_from(Document).where(Document.person_id == new.person)
    if (await session.scalar(kept) or 0) >= new.documents_allowed:
        raise Refused("too_many_documents")
    used = await session.scalar(size_kept(new.person)) or 0
    if used + (file.size or 0) > new.bytes_allowed:
        raise Refused("no_space")
