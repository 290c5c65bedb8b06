"""Documents get other files; the earlier ones are kept as versions and can come back."""

from msgspec.structs import replace
from sqlalchemy import func, select

from bus import Actor, Events
from contracts.documents import (
    AddVersion,
    DocumentId,
    DocumentRefused,
    RestoreVersion,
    VersionAdded,
    VersionNumber,
    VersionRestored,
)
from database import Session
from database.documents import DocumentVersion
from services.quotas import Quotas
from services.storage.documents import statements
from services.storage.documents.contents import can_be_saved, same_content, sent, write_version
from services.storage.documents.own import Found, change, find, no_such_document, seen
from services.storage.documents.quotas import COUNTING, exceeded
from services.storage.documents.registration import router
from services.storage.turns import take_turns


@router.handle
async def add_version(
    command: AddVersion, actor: Actor, db: Session, events: Events, quotas: Quotas
) -> VersionAdded | DocumentRefused:
    """Not confirmed before the bytes of its files are kept.

    Raises:
        NotYet: it is not known yet what became of a file.
    """
    document = await find(db, actor, command.document_id)
    if document is None or document.deleted_at:
        missing = no_such_document(actor, command.document_id)
        return replace(missing, upload_ids=command.upload_ids)
    refused = await _refused(command, actor, db, document, quotas)
    if refused:
        return refused
    number = await _next_number(db, command.document_id)
    await write_version(db, events, (command.document_id, number), actor, command.upload_ids)
    await change(db, command.document_id, current=number)
    return VersionAdded(
        person_id=actor.person,
        document_id=command.document_id,
        type_name=document.type_name,
        name=document.name,
        number=number,
    )


@router.handle
async def restore_version(
    command: RestoreVersion, actor: Actor, db: Session
) -> VersionRestored | DocumentRefused:
    """A version that is in use is restored already."""
    document = await seen(command, actor, db)
    if isinstance(document, DocumentRefused):
        return document
    version = select(DocumentVersion.number).where(
        DocumentVersion.document_id == command.document_id,
        DocumentVersion.number == command.number,
    )
    if await db.scalar(version) is None:
        return DocumentRefused(
            person_id=actor.person,
            reason="no_such_version",
            name=document.name,
            type_name=document.type_name,
            document_id=command.document_id,
        )
    if document.current != command.number:
        await change(db, command.document_id, current=command.number)
    return VersionRestored(
        person_id=actor.person,
        document_id=command.document_id,
        name=document.name,
        number=command.number,
    )


async def _refused(
    command: AddVersion, actor: Actor, db: Session, document: Found, quotas: Quotas
) -> DocumentRefused | None:
    refusal = DocumentRefused(
        person_id=actor.person,
        reason="upload_lost",
        name=document.name,
        type_name=document.type_name,
        upload_ids=command.upload_ids,
    )
    await take_turns(COUNTING, [actor.person], db)
    asked = {"person": actor.person, "is_allowed": command.allow_same_content}
    files = sent({actor.person: command.upload_ids})
    found = (await db.execute(statements.SENT, asked | files)).one()
    if not can_be_saved(found, command.upload_ids):
        return replace(refusal, document_id=command.document_id)
    if double := same_content(found):
        of_this = {"document_id": command.document_id, "in_the_way": double}
        return replace(refusal, reason="same_content", **of_this)
    if quota := exceeded(found, quotas, documents=0):
        return replace(refusal, reason=quota.reason, used=quota.used, allowed=quota.allowed)
    return None


async def _next_number(db: Session, document_id: DocumentId) -> VersionNumber:
    numbers = select(func.max(DocumentVersion.number))
    last = await db.scalar(numbers.where(DocumentVersion.document_id == document_id))
    return (last or 0) + 1
