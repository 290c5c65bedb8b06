"""What documents consist of: the files that were sent for them, version by version."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Row, select

from bus import Actor, Events, NotYet
from bus.spans import link_current_span
from contracts.base import PersonId
from contracts.documents import DocumentId, InTheWay, VersionNumber
from contracts.files import UploadClaimed, UploadId
from database import Session
from database.documents import Document
from services.storage.documents import statements
from services.storage.documents.registration import APP


def sent(files: Mapping[PersonId, Sequence[UploadId]]) -> dict[str, Any]:
    """Return how statements are told of the files that each person sent."""
    rows = [
        (person, position, upload_id)
        for person, upload_ids in files.items()
        for position, upload_id in enumerate(upload_ids, start=1)
    ]
    names = ("senders", "positions", "uploads")
    return {name: [row[place] for row in rows] for place, name in enumerate(names)}


def can_be_saved(found: Row[*tuple[Any, ...]], upload_ids: Sequence[UploadId]) -> bool:
    """Tell whether all of these files are there still, going by what was found.

    Raises:
        NotYet: it is not known yet what became of one of them.
    """
    unknown = set(upload_ids).difference(found.known or ())
    if unknown:
        raise NotYet(f"nothing is known of uploads {', '.join(sorted(unknown))} yet")
    link_current_span(found.traceparents or ())
    return bool(found.can_be_saved)


def same_content(found: Row[*tuple[Any, ...]]) -> InTheWay | None:
    """Return the document of the person that was found to have a file of the same bytes."""
    if found.double_id is None:
        return None
    return InTheWay(
        document_id=found.double_id, name=found.double_name, type_name=found.double_type_name
    )


async def same_name(db: Session, actor: Actor, type_id: int, name: str) -> InTheWay | None:
    """Return the person's document under a type that has a name already."""
    asked = {"person": actor.person, "type": type_id, "name": name}
    row = (await db.execute(statements.SAME_NAME, asked)).one_or_none()
    return InTheWay(document_id=row.id, name=row.name, type_name=row.type_name) if row else None


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
    version = {"document": document_id, "number": number, "person": actor.person}
    await db.execute(statements.NEXT_VERSION, version | sent({actor.person: upload_ids}))
    claim(events, actor, upload_ids)


def claim(events: Events, actor: Actor, upload_ids: Sequence[UploadId]) -> None:
    """Have files kept for as long as a document refers to them."""
    for upload_id in upload_ids:
        events.add(UploadClaimed(person_id=actor.person, app=APP, upload_id=upload_id))
