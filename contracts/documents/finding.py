"""Documents are listed and looked up."""

import msgspec

from contracts.base import Page, Query, Reply
from contracts.documents.fields import (
    DocumentId,
    DocumentName,
    Emoji,
    Moment,
    TypeId,
    TypeName,
    Version,
)
from contracts.files import FileKind, UploadId


class DocumentSummary(msgspec.Struct, frozen=True, kw_only=True):
    """A document as a list shows it."""

    document_id: DocumentId
    name: DocumentName
    added_at: Moment


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


class ListDocuments(Query[DocumentPage | Missing], frozen=True, kw_only=True):
    """Which documents has the acting person under a type?"""

    type_id: TypeId
    page: Page = Page()


class GetDocument(Query[Document | Missing], frozen=True, kw_only=True):
    """What is known of a document of the acting person?"""

    document_id: DocumentId
