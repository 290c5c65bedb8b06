"""Documents are renamed, deleted and restored, in the version that the person saw."""

from sqlalchemy import func

from bus import Actor
from contracts.documents import (
    DeleteDocument,
    DocumentDeleted,
    DocumentRefused,
    DocumentRenamed,
    DocumentRestored,
    RenameDocument,
    RestoreDocument,
)
from database import Session
from database.documents import Document
from services.storage.documents.contents import namesake
from services.storage.documents.own import change, find, no_such_document, seen
from services.storage.documents.registration import router
from services.storage.documents.reminders import cancel_reminders, plan_again
from services.storage.documents.trash import take_out, throw_away
from services.storage.names import tidy
from services.storage.schedule import Schedule


@router.handle
async def rename_document(
    command: RenameDocument, actor: Actor, db: Session
) -> DocumentRenamed | DocumentRefused:
    document = await seen(command, actor, db)
    if isinstance(document, DocumentRefused):
        return document
    name = tidy(command.name)
    if not await change(db, command.document_id, name=name):
        return DocumentRefused(
            person_id=actor.person,
            reason="name_taken",
            name=name,
            type_name=document.type_name,
            document_id=command.document_id,
        )
    return DocumentRenamed(person_id=actor.person, document_id=command.document_id, name=name)


@router.handle
async def delete_document(
    command: DeleteDocument, actor: Actor, db: Session, schedule: Schedule
) -> DocumentDeleted | DocumentRefused:
    document = await seen(command, actor, db)
    if isinstance(document, DocumentRefused):
        return document
    await change(db, command.document_id, deleted_at=func.now())
    await throw_away(db, schedule, command.document_id)
    await cancel_reminders(command.document_id, schedule)
    return DocumentDeleted(
        person_id=actor.person, document_id=command.document_id, name=document.name
    )


@router.handle
async def restore_document(
    command: RestoreDocument, actor: Actor, db: Session, schedule: Schedule
) -> DocumentRestored | DocumentRefused:
    """A document that is not deleted is restored already."""
    document = await find(db, actor, command.document_id)
    if document is None:
        return no_such_document(actor, command.document_id)
    if document.deleted_at and not await change(db, command.document_id, deleted_at=None):
        return DocumentRefused(
            person_id=actor.person,
            reason="name_taken_since",
            name=document.name,
            type_name=document.type_name,
            document_id=command.document_id,
            in_the_way=await namesake(db, actor, command.document_id),
        )
    await take_out(schedule, command.document_id)
    await plan_again(actor.person, db, schedule, Document.id == command.document_id)
    return DocumentRestored(
        person_id=actor.person, document_id=command.document_id, name=document.name
    )
