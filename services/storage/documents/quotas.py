"""What a person may keep, and whether more of it would be too much."""

from typing import Any, Literal, NamedTuple

from sqlalchemy import Row

from services.quotas import Quotas
from services.storage.documents.registration import APP

COUNTING = f"{APP}.quotas"
"""What whoever would add to what somebody keeps takes turns at."""


class Exceeded(NamedTuple):
    """The quota in the way: documents, or bytes, that are used and allowed."""

    reason: Literal["too_many_documents", "no_space"]
    used: int
    allowed: int


def exceeded(found: Row[*tuple[Any, ...]], quotas: Quotas, documents: int = 1) -> Exceeded | None:
    """Return which quota so many more documents would break, of the files that were found.

    Older versions and the trash count: they take space, too. It was looked for in the person's
    turn.
    """
    if found.documents + documents > quotas.documents:
        return Exceeded("too_many_documents", found.documents, quotas.documents)
    size = found.size + found.new
    return Exceeded("no_space", found.size, quotas.size) if size > quotas.size else None
