"""Documents: a person keeps files under types and names of their own, and gets them back."""

from datetime import datetime
from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from contracts.base import Command, Event, Page, PersonId, Query, Reply
from contracts.files import FileKind, UploadId

TypeId = Annotated[int, Meta(gt=0, le=2**63 - 1)]
DocumentId = Annotated[int, Meta(gt=0, le=2**63 - 1)]
Version = Annotated[int, Meta(gt=0)]
VISIBLE = r"[^\s\x00-\x1f\x7f-\x9f]"
"""A name holds at least one character that is neither space nor control."""
TypeName = Annotated[str, Meta(min_length=1, max_length=40, pattern=VISIBLE)]
Emoji = Annotated[str, Meta(max_length=16)]
DocumentName = Annotated[str, Meta(min_length=1, max_length=128, pattern=VISIBLE)]
Moment = Annotated[datetime, Meta(tz=True)]


class TypeAdded(Event, frozen=True, kw_only=True):
    """A person has a new type of documents."""

    person_id: PersonId
    type_id: TypeId
    name: TypeName
    emoji: Emoji


class TypeRefused(Event, frozen=True, kw_only=True):
    """A type was not added."""

    person_id: PersonId
    name: TypeName
    reason: Literal["name_taken", "too_many_types"]


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


class AddType(Command[TypeAdded | TypeRefused], frozen=True, kw_only=True):
    """Add a type of documents."""

    name: TypeName
    emoji: Emoji = ""


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


class DocumentType(msgspec.Struct, frozen=True, kw_only=True):
    """A type and how many documents are under it."""

    type_id: TypeId
    name: TypeName
    emoji: Emoji
    documents: int


class DocumentSummary(msgspec.Struct, frozen=True, kw_only=True):
    """A document as a list shows it."""

    document_id: DocumentId
    name: DocumentName
    added_at: Moment


class TypePage(Reply, frozen=True, kw_only=True):
    """Types in the order of their names; `total` counts all of them."""

    types: tuple[DocumentType, ...]
    total: int


class DocumentPage(Reply, frozen=True, kw_only=True):
    """Documents of a type, the newest first; `total` counts all of them."""

    type_id: TypeId
    type_name: TypeName
    emoji: Emoji
    documents: tuple[DocumentSummary, ...]
    total: int


class Document(Reply, frozen=True, kw_only=True):
    """A document with what is needed to send it again; `size` in bytes."""

    document_id: DocumentId
    version: Version
    type_id: TypeId
    type_name: TypeName
    name: DocumentName
    upload_id: UploadId
    kind: FileKind
    file_id: str
    file_name: str
    size: int
    sha256: str
    added_at: Moment


class Missing(Reply, frozen=True, kw_only=True):
    """What was asked for does not exist, or belongs to somebody else."""


class ListTypes(Query[TypePage], frozen=True, kw_only=True):
    """Which types does the acting person have?"""

    page: Page = Page()


class ListDocuments(Query[DocumentPage | Missing], frozen=True, kw_only=True):
    """Which documents has the acting person under a type?"""

    type_id: TypeId
    page: Page = Page()


class GetDocument(Query[Document | Missing], frozen=True, kw_only=True):
    """What is known of a document of the acting person?"""

    document_id: DocumentId
