"""Documents are written about."""

from bus import Actor
from contracts.documents import ChangeNote, DocumentRefused, NoteChanged
from database import Session
from services.storage.documents.own import change, seen
from services.storage.documents.registration import router
from services.storage.names import tidy_lines


@router.handle
async def change_note(
    command: ChangeNote, actor: Actor, db: Session
) -> NoteChanged | DocumentRefused:
    document = await seen(command, actor, db)
    if isinstance(document, DocumentRefused):
        return document
    note = tidy_lines(command.note)
    await change(db, command.document_id, note=note)
    return NoteChanged(
        person_id=actor.person, document_id=command.document_id, name=document.name, note=note
    )
