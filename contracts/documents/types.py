"""Types of documents: added, renamed, deleted, and listed with how much is under them."""

from typing import Literal

import msgspec

from contracts.base import Command, Event, Page, PersonId, Query, Reply
from contracts.documents.fields import Emoji, TypeId, TypeName, Version
from contracts.documents.finding import Missing
from contracts.documents.quotas import Usage


class TypeAdded(Event, frozen=True, kw_only=True):
    """A person has a new type of documents."""

    person_id: PersonId
    type_id: TypeId
    name: TypeName
    emoji: Emoji


class TypeRenamed(Event, frozen=True, kw_only=True):
    """A type has another name, and the emoji that came with it."""

    person_id: PersonId
    type_id: TypeId
    name: TypeName
    emoji: Emoji


class TypeDeleted(Event, frozen=True, kw_only=True):
    """A type is gone; it was empty."""

    person_id: PersonId
    type_id: TypeId
    name: TypeName


class TypeRefused(Event, frozen=True, kw_only=True):
    """A type was not added, or not changed.

    `type_id` is 0 for one that was to be added; `documents` is how many stand in the way.
    """

    person_id: PersonId
    name: str
    reason: Literal[
        "name_taken",
        "too_many_types",
        "no_such_type",
        "changed_meanwhile",
        "has_documents",
        "has_trash",
    ]
    type_id: int = 0
    documents: int = 0


class AddType(Command[TypeAdded | TypeRefused], frozen=True, kw_only=True):
    """Add a type of documents."""

    name: TypeName
    emoji: Emoji = ""


class RenameType(Command[TypeRenamed | TypeRefused], frozen=True, kw_only=True):
    """Rename the version of a type that the person saw."""

    type_id: TypeId
    version: Version
    name: TypeName
    emoji: Emoji = ""


class DeleteType(Command[TypeDeleted | TypeRefused], frozen=True, kw_only=True):
    """Delete the version of a type that the person saw, if nothing is under it."""

    type_id: TypeId
    version: Version


class DocumentType(msgspec.Struct, frozen=True, kw_only=True):
    """A type and how many documents are under it."""

    type_id: TypeId
    name: TypeName
    emoji: Emoji
    documents: int


class TypePage(Reply, frozen=True, kw_only=True):
    """Types in the order of their names; `total` counts all of them, `usage` what is kept."""

    types: tuple[DocumentType, ...]
    total: int
    usage: Usage | None = None


class ListTypes(Query[TypePage], frozen=True, kw_only=True):
    """Which types does the acting person have?"""

    page: Page = Page()


class TypeDetails(Reply, frozen=True, kw_only=True):
    """A type, and how many documents are under it, and of it in the trash."""

    type_id: TypeId
    version: Version
    name: TypeName
    emoji: Emoji
    documents: int
    in_trash: int


class GetType(Query[TypeDetails | Missing], frozen=True, kw_only=True):
    """What is known of a type of the acting person?"""

    type_id: TypeId
