"""Deleted documents wait in the trash, come back from it, and vanish."""

from datetime import timedelta
from typing import Annotated

import msgspec
from msgspec import Meta

from contracts.base import Command, Event, Page, PersonId, Query, Reply
from contracts.documents.fields import DocumentId, DocumentName, Moment, TypeName

TRASH_KEPT = timedelta(days=30)
"""How long a deleted document can be restored."""

Microseconds = Annotated[int, Meta(ge=0, le=253_402_300_799_999_999)]
"""A moment as whole microseconds since 1970 in UTC: exact, and short enough for a button; as far
as the year 9999."""


class DocumentPurged(Event, frozen=True, kw_only=True):
    """A deleted document is gone for good."""

    person_id: PersonId
    document_id: DocumentId


class DocumentSpared(Event, frozen=True, kw_only=True):
    """A document was to be purged, but it is not in the trash any more, or not long enough."""

    person_id: PersonId
    document_id: DocumentId


class TrashEmptied(Event, frozen=True, kw_only=True):
    """Documents in the trash are gone for good; `left` are in it still."""

    person_id: PersonId
    documents: int
    left: int


class PurgeDocument(Command[DocumentPurged | DocumentSpared], frozen=True, kw_only=True):
    """Forget a document that was deleted long enough ago; sent by the clock."""

    document_id: DocumentId


class EmptyTrash(Command[TrashEmptied], frozen=True, kw_only=True):
    """Forget what was deleted until the newest deletion that the person saw."""

    until: Microseconds


class TrashedDocument(msgspec.Struct, frozen=True, kw_only=True):
    """A deleted document; it vanishes at `purged_at`."""

    document_id: DocumentId
    name: DocumentName
    type_name: TypeName
    purged_at: Moment


class TrashPage(Reply, frozen=True, kw_only=True):
    """What was deleted, the newest first; `newest` is when, 0 where the trash is empty."""

    documents: tuple[TrashedDocument, ...]
    total: int
    newest: Microseconds


class ListTrash(Query[TrashPage], frozen=True, kw_only=True):
    """What has the acting person deleted and could restore?"""

    page: Page = Page()
