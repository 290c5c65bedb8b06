"""Types of documents: they are added, and listed with how much is under them."""

from typing import Literal

import msgspec

from contracts.base import Command, Event, Page, PersonId, Query, Reply
from contracts.documents.fields import Emoji, TypeId, TypeName


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


class AddType(Command[TypeAdded | TypeRefused], frozen=True, kw_only=True):
    """Add a type of documents."""

    name: TypeName
    emoji: Emoji = ""


class DocumentType(msgspec.Struct, frozen=True, kw_only=True):
    """A type and how many documents are under it."""

    type_id: TypeId
    name: TypeName
    emoji: Emoji
    documents: int


class TypePage(Reply, frozen=True, kw_only=True):
    """Types in the order of their names; `total` counts all of them."""

    types: tuple[DocumentType, ...]
    total: int


class ListTypes(Query[TypePage], frozen=True, kw_only=True):
    """Which types does the acting person have?"""

    page: Page = Page()
