"""Versions: what a document consisted of is kept when it gets other files, and can come back."""

import msgspec

from contracts.base import Command, Event, Page, PersonId, Query, Reply
from contracts.documents.changes import DocumentRefused
from contracts.documents.fields import (
    DocumentId,
    DocumentName,
    Moment,
    TypeName,
    UploadIds,
    Version,
    VersionNumber,
)
from contracts.documents.finding import Missing


class VersionAdded(Event, frozen=True, kw_only=True):
    """A document consists of other files from now on."""

    person_id: PersonId
    document_id: DocumentId
    type_name: TypeName
    name: DocumentName
    number: VersionNumber


class VersionRestored(Event, frozen=True, kw_only=True):
    """A document consists of the files of an earlier version again."""

    person_id: PersonId
    document_id: DocumentId
    name: DocumentName
    number: VersionNumber


class AddVersion(Command[VersionAdded | DocumentRefused], frozen=True, kw_only=True):
    """Let a document consist of other files.

    A file that the person has in a document already needs `allow_same_content`.
    """

    document_id: DocumentId
    upload_ids: UploadIds
    allow_same_content: bool = False

    def __post_init__(self) -> None:
        if not self.upload_ids:
            raise ValueError("a version consists of files")


class RestoreVersion(Command[VersionRestored | DocumentRefused], frozen=True, kw_only=True):
    """Let the document that the person saw consist of the files of version `number` again."""

    document_id: DocumentId
    version: Version
    number: VersionNumber


class DocumentVersion(msgspec.Struct, frozen=True, kw_only=True):
    """A version as a list shows it."""

    number: VersionNumber
    added_at: Moment
    file_names: tuple[str, ...]


class VersionPage(Reply, frozen=True, kw_only=True):
    """Versions of a document, the newest first; `total` counts all of them."""

    document_id: DocumentId
    name: DocumentName
    current: VersionNumber
    versions: tuple[DocumentVersion, ...]
    total: int


class ListVersions(Query[VersionPage | Missing], frozen=True, kw_only=True):
    """Which versions has a document of the acting person?"""

    document_id: DocumentId
    page: Page = Page()
