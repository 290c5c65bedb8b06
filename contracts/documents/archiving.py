"""Everything under a type at once."""

from typing import Annotated

from msgspec import Meta

from contracts.base import Query, Reply
from contracts.documents.fields import Emoji, TypeId, TypeName
from contracts.documents.finding import Missing
from contracts.files import ArchivedFile


class TypeFiles(Reply, frozen=True, kw_only=True):
    """The files of a type's documents by name, as many as an archive holds; `total` counts all."""

    type_id: TypeId
    type_name: TypeName
    emoji: Emoji
    files: tuple[ArchivedFile, ...]
    total: int


class ListTypeFiles(Query[TypeFiles | Missing], frozen=True, kw_only=True):
    """Which files have the acting person's documents under a type now?"""

    type_id: TypeId
    offset: Annotated[int, Meta(ge=0, le=1_000_000_000)] = 0
