"""Documents are added once the bytes of their files are kept."""

from collections.abc import Sequence
from typing import Any, Literal

from msgspec.structs import replace
from sqlalchemy import Row

from bus import Asked
from contracts.base import PersonId
from contracts.documents import (
    AddDocument,
    DocumentAdded,
    DocumentId,
    DocumentRefused,
    InTheWay,
    TypeName,
)
from database import Session
from services.quotas import Quotas
from services.storage.documents import statements
from services.storage.documents.contents import can_be_saved, claim, same_content, same_name, sent
from services.storage.documents.quotas import COUNTING, exceeded
from services.storage.documents.registration import router
from services.storage.names import tidy
from services.storage.turns import take_turns

Reason = Literal[
    "no_such_type",
    "upload_lost",
    "name_taken",
    "same_content",
    "too_many_documents",
    "no_space",
]
New = Asked[AddDocument]


@router.handle_many(apart=lambda _, cause: cause.actor and cause.actor.person)
async def add_document(
    asked: Sequence[New], db: Session, quotas: Quotas
) -> Sequence[DocumentAdded | DocumentRefused]:
    """Not confirmed before the bytes of its files are kept.

    Raises:
        NotYet: it is not known yet what became of a file.
    """
    await take_turns(COUNTING, (each.actor.person for each in asked), db)
    rows = await db.execute(statements.WANTED, _wanted(asked))
    found = {row.person: row for row in rows}
    said: dict[PersonId, DocumentAdded | DocumentRefused] = {}
    for each in asked:
        refused = each.context.run(_refused, each, found[each.actor.person], quotas)
        if refused:
            said[each.actor.person] = refused
    accepted = [each for each in asked if each.actor.person not in said]
    written = await _write(db, accepted)
    for each in accepted:
        person = each.actor.person
        said[person] = await _ended(db, each, found[person].place, written.get(person))
    return [said[each.actor.person] for each in asked]


def _refused(each: New, found: Row[*tuple[Any, ...]], quotas: Quotas) -> DocumentRefused | None:
    """Return what is in the way of a document, going by what was found; raises NotYet."""
    if found.place is None:
        return _refusal(each, "no_such_type")
    if not can_be_saved(found, each.message.files):
        return _refusal(each, "upload_lost", found.place)
    if found.namesake_id:
        namesake = InTheWay(
            document_id=found.namesake_id, name=found.namesake_name, type_name=found.place
        )
        return _refusal(each, "name_taken", found.place, namesake)
    if double := same_content(found):
        return _refusal(each, "same_content", found.place, double)
    if quota := exceeded(found, quotas):
        refusal = _refusal(each, quota.reason, found.place)
        return replace(refusal, used=quota.used, allowed=quota.allowed)
    return None


async def _write(db: Session, accepted: Sequence[New]) -> dict[PersonId, DocumentId]:
    """Write documents with their first versions, but those whose name is taken, by person."""
    if not accepted:
        return {}
    rows = await db.execute(statements.NEW_DOCUMENTS, _wanted(accepted))
    return {row.person_id: row.id for row in rows}


async def _ended(
    db: Session, each: New, type_name: TypeName, document_id: DocumentId | None
) -> DocumentAdded | DocumentRefused:
    """Claim the files of what was written, and say so."""
    command, name = each.message, tidy(each.message.name)
    if document_id is None:  # another got that name since it was looked for
        namesake = await same_name(db, each.actor, command.type_id, name)
        return _refusal(each, "name_taken", type_name, namesake)
    claim(each.events, each.actor, command.files)
    return DocumentAdded(
        person_id=each.actor.person,
        document_id=document_id,
        type_id=command.type_id,
        type_name=type_name,
        name=name,
    )


def _wanted(asked: Sequence[New]) -> dict[str, Any]:
    return {
        "people": [each.actor.person for each in asked],
        "types": [each.message.type_id for each in asked],
        "names": [tidy(each.message.name) for each in asked],
        "allowing": [each.message.allow_same_content for each in asked],
    } | sent({each.actor.person: each.message.files for each in asked})


def _refusal(
    each: New, reason: Reason, type_name: str = "", in_the_way: InTheWay | None = None
) -> DocumentRefused:
    return DocumentRefused(
        person_id=each.actor.person,
        reason=reason,
        name=tidy(each.message.name),
        type_name=type_name,
        upload_ids=each.message.files,
        in_the_way=in_the_way,
    )
