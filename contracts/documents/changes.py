"""Documents are added, renamed, deleted and restored."""

from typing import Literal

import msgspec

from contracts.base import Command, Event, PersonId
from contracts.documents.fields import (
    DocumentId,
    DocumentName,
    TypeId,
    TypeName,
    UploadIds,
    Version,
)
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


class InTheWay(msgspec.Struct, frozen=True, kw_only=True):
    """A document that has the name, or the content, which another was to have."""

    document_id: DocumentId
    name: DocumentName
    type_name: TypeName


class DocumentRefused(Event, frozen=True, kw_only=True):
    """A change of a document was not made, for a reason its owner can act on.

    `upload_ids` are files that were not saved. Where a quota is in the way, `used` and `allowed`
    are documents, or bytes.
    """

    person_id: PersonId
    reason: Literal[
        "name_taken",
        "no_such_type",
        "no_such_document",
        "changed_meanwhile",
        "upload_lost",
        "same_content",
        "no_such_version",
        "name_taken_there",
        "name_taken_since",
        "too_many_documents",
        "no_space",
    ]
    name: str = ""
    type_name: str = ""
    document_id: int = 0
    upload_ids: UploadIds = ()
    in_the_way: InTheWay | None = None
    used: int = 0
    allowed: int = 0


class AddDocument(Command[DocumentAdded | DocumentRefused], frozen=True, kw_only=True):
    """Save files under a type and a name.

    A file that the person has in another document already needs `allow_same_content`.
    Older senders name one file, in `upload_id`.
    """

    type_id: TypeId
    name: DocumentName
    upload_ids: UploadIds = ()
    allow_same_content: bool = False
    upload_id: UploadId | None = None

    def __post_init__(self) -> None:
        if bool(self.upload_ids) == bool(self.upload_id):
            raise ValueError("a document consists of files, named in one way")

    @property
    def files(self) -> tuple[UploadId, ...]:
        """The ids of the files, whoever named them."""
        return (self.upload_id,) if self.upload_id else self.upload_ids


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
