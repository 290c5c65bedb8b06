"""Documents are added, renamed, deleted and restored."""

from typing import Literal

from contracts.base import Command, Event, PersonId
from contracts.documents.fields import DocumentId, DocumentName, TypeId, TypeName, Version
from contracts.files import UploadId


class DocumentAdded(Event, frozen=True, kw_only=True):
    """A document was saved, its bytes are kept."""

    person_id: PersonId
    document_id: DocumentId
    type_id: TypeId
    type_name: TypeName
    name: DocumentName


class DocumentRenamed(Event, frozen=True, kw_only=True):
    """A document has another name."""

    person_id: PersonId
    document_id: DocumentId
    name: DocumentName


class DocumentDeleted(Event, frozen=True, kw_only=True):
    """A document is gone from the lists; it can be restored."""

    person_id: PersonId
    document_id: DocumentId
    name: DocumentName


class DocumentRestored(Event, frozen=True, kw_only=True):
    """A deleted document is back under its type."""

    person_id: PersonId
    document_id: DocumentId
    name: DocumentName


class DocumentRefused(Event, frozen=True, kw_only=True):
    """A change of a document was not made, for a reason its owner can act on."""

    person_id: PersonId
    reason: Literal[
        "name_taken", "no_such_type", "no_such_document", "changed_meanwhile", "upload_lost"
    ]
    name: str = ""
    type_name: str = ""
    document_id: int = 0


class AddDocument(Command[DocumentAdded | DocumentRefused], frozen=True, kw_only=True):
    """Save an upload under a type and a name."""

    upload_id: UploadId
    type_id: TypeId
    name: DocumentName


class RenameDocument(Command[DocumentRenamed | DocumentRefused], frozen=True, kw_only=True):
    """Rename the version of a document that the person saw."""

    document_id: DocumentId
    version: Version
    name: DocumentName


class DeleteDocument(Command[DocumentDeleted | DocumentRefused], frozen=True, kw_only=True):
    """Delete the version of a document that the person saw."""

    document_id: DocumentId
    version: Version


class RestoreDocument(Command[DocumentRestored | DocumentRefused], frozen=True, kw_only=True):
    """Undo a deletion."""

    document_id: DocumentId
