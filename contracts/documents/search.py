"""Documents are found by any part of their name or note."""

from typing import Annotated

import msgspec
from msgspec import Meta

from contracts.base import Page, Query, Reply
from contracts.documents.fields import VISIBLE, DocumentId, DocumentName, TypeName

SearchWords = Annotated[str, Meta(min_length=1, max_length=128, pattern=VISIBLE)]
"""Words, or parts of words, which all have to be there, in any order and case."""


class FoundDocument(msgspec.Struct, frozen=True, kw_only=True):
    """A document as search lists it."""

    document_id: DocumentId
    name: DocumentName
    type_name: TypeName


class SearchPage(Reply, frozen=True, kw_only=True):
    """What was found, the newest first; with `more` there are older ones beyond the `total`."""

    words: SearchWords
    documents: tuple[FoundDocument, ...]
    total: int
    more: bool


class SearchDocuments(Query[SearchPage], frozen=True, kw_only=True):
    """Which documents of the acting person have all these words in name or note?"""

    words: SearchWords
    page: Page = Page()
