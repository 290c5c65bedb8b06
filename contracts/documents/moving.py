"""Documents are moved from type to type."""

from contracts.base import Command, Event, PersonId
from contracts.documents.changes import DocumentRefused
from contracts.documents.fields import DocumentId, DocumentName, TypeId, TypeName, Version


class DocumentMoved(Event, frozen=True, kw_only=True):
    """A document is under another type."""

    person_id: PersonId
    document_id: DocumentId
    name: DocumentName
    type_id: TypeId
    type_name: TypeName


class MoveDocument(Command[DocumentMoved | DocumentRefused], frozen=True, kw_only=True):
    """Put the version of a document that the person saw under another type."""

    document_id: DocumentId
    version: Version
    type_id: TypeId
