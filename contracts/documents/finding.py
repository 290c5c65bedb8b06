"""Documents are listed and looked up."""

from datetime import date
from typing import Annotated

import msgspec
from msgspec import Meta

from contracts.base import Page, Query, Reply
from contracts.documents.fields import (
    DocumentId,
    DocumentName,
    Emoji,
    Moment,
    Note,
    TypeId,
    TypeName,
    Version,
    VersionNumber,
)
from contracts.files import FileKind, UploadId


class DocumentSummary(msgspec.Struct, frozen=True, kw_only=True):
    """A document as a list shows it; `expired` where its day is over for its owner."""

    document_id: DocumentId
    name: DocumentName
    added_at: Moment
    expires_on: date | None = None
    expired: bool = False


class DocumentPage(Reply, frozen=True, kw_only=True):
    """Documents of a type, the newest first; `total` counts all of them."""

    type_id: TypeId
    type_name: TypeName
    emoji: Emoji
    documents: tuple[DocumentSummary, ...]
    total: int


class DocumentFile(msgspec.Struct, frozen=True, kw_only=True):
    """A file with what is needed to send it again; `size` in bytes."""

    upload_id: UploadId
    kind: FileKind
    file_id: str
    file_name: str
    size: int
    sha256: str


class Document(Reply, frozen=True, kw_only=True):
    """A document, with the files of one of its versions: of the `current` one unless asked.

    `version` counts changes of any kind; `number` counts what the document consisted of, and
    `versioned_at` is when it began to consist of these files.
    """

    document_id: DocumentId
    version: Version
    type_id: TypeId
    type_name: TypeName
    name: DocumentName
    note: Note
    added_at: Moment
    number: VersionNumber
    current: VersionNumber
    versioned_at: Moment
    files: tuple[DocumentFile, ...]
    expires_on: date | None = None
    expired: bool = False


class Missing(Reply, frozen=True, kw_only=True):
    """What was asked for does not exist, or belongs to somebody else."""


class ListDocuments(Query[DocumentPage | Missing], frozen=True, kw_only=True):
    """Which documents has the acting person under a type?"""

    type_id: TypeId
    page: Page = Page()


class GetDocument(Query[Document | Missing], frozen=True, kw_only=True):
    """What is known of a document of the acting person?

    `number` asks for the files of one version, 0 for the current one's.
    """

    document_id: DocumentId
    number: Annotated[int, Meta(ge=0, le=2**31 - 1)] = 0
