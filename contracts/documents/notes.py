"""Notes: what a person writes about a document."""

from contracts.base import Command, Event, PersonId
from contracts.documents.changes import DocumentRefused
from contracts.documents.fields import DocumentId, DocumentName, Note, Version


class NoteChanged(Event, frozen=True, kw_only=True):
    """A document has this note from now on; empty when it was removed."""

    person_id: PersonId
    document_id: DocumentId
    name: DocumentName
    note: Note


class ChangeNote(Command[NoteChanged | DocumentRefused], frozen=True, kw_only=True):
    """Add, change or, with an empty one, remove the note of the document that the person saw."""

    document_id: DocumentId
    version: Version
    note: Note
