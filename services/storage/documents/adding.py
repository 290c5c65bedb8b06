"""Documents are added once the bytes of their files are kept."""

from typing import Literal

from msgspec.structs import replace

from bus import Actor, Events
from contracts.documents import (
    AddDocument,
    DocumentAdded,
    DocumentRefused,
    InTheWay,
    TypeName,
)
from database import Session
from services.quotas import Quotas
from services.storage.documents import statements
from services.storage.documents.contents import (
    can_be_saved,
    same_content,
    same_name,
    write_document,
)
from services.storage.documents.quotas import exceeded
from services.storage.documents.registration import router
from services.storage.names import tidy

Reason = Literal[
    "no_such_type",
    "upload_lost",
    "name_taken",
    "same_content",
    "too_many_documents",
    "no_space",
]


@router.handle
async def add_document(
    command: AddDocument, actor: Actor, db: Session, events: Events, quotas: Quotas
) -> DocumentAdded | DocumentRefused:
    """Not confirmed before the bytes of its files are kept.

    Raises:
        NotYet: it is not known yet what became of a file.
    """
    place = await _place(command, actor, db)
    if place is None:
        return _refusal(command, actor, "no_such_type")
    type_name, namesake = place
    if not await can_be_saved(db, actor, command.files):
        return _refusal(command, actor, "upload_lost", type_name)
    if namesake:
        return _refusal(command, actor, "name_taken", type_name, namesake)
    double = None if command.allow_same_content else await same_content(db, actor, command.files)
    if double:
        return _refusal(command, actor, "same_content", type_name, double)
    quota = await exceeded(db, actor, quotas, command.files)
    if quota:
        refusal = _refusal(command, actor, quota.reason, type_name)
        return replace(refusal, used=quota.used, allowed=quota.allowed)
    document_id = await write_document(db, events, actor, command)
    if document_id is None:  # another got that name since it was looked for
        namesake = await same_name(db, actor, command.type_id, tidy(command.name))
        return _refusal(command, actor, "name_taken", type_name, namesake)
    return DocumentAdded(
        person_id=actor.person,
        document_id=document_id,
        type_id=command.type_id,
        type_name=type_name,
        name=tidy(command.name),
    )


async def _place(
    command: AddDocument, actor: Actor, db: Session
) -> tuple[TypeName, InTheWay | None] | None:
    """Return the type, unless it is somebody else's, and the document that has the name there."""
    asked = {"person": actor.person, "type": command.type_id, "name": tidy(command.name)}
    row = (await db.execute(statements.PLACE, asked)).one_or_none()
    if row is None:
        return None
    namesake = InTheWay(document_id=row.id, name=row.name, type_name=row.type_name)
    return row.type_name, namesake if row.id else None


def _refusal(
    command: AddDocument,
    actor: Actor,
    reason: Reason,
    type_name: str = "",
    in_the_way: InTheWay | None = None,
) -> DocumentRefused:
    return DocumentRefused(
        person_id=actor.person,
        reason=reason,
        name=tidy(command.name),
        type_name=type_name,
        upload_ids=command.files,
        in_the_way=in_the_way,
    )
