"""What a person may keep, and whether more of it would be too much."""

from collections.abc import Sequence
from typing import Literal, NamedTuple

from bus import Actor
from contracts.files import UploadId
from database import Session
from services.quotas import Quotas
from services.storage.documents import statements
from services.storage.documents.registration import APP


class Exceeded(NamedTuple):
    """The quota in the way: documents, or bytes, that are used and allowed."""

    reason: Literal["too_many_documents", "no_space"]
    used: int
    allowed: int


async def exceeded(
    db: Session, actor: Actor, quotas: Quotas, upload_ids: Sequence[UploadId], documents: int = 1
) -> Exceeded | None:
    """Return which quota so many more documents, of these files, would break.

    Older versions and the trash count: they take space, too. From here on nobody else counts for
    this person until the transaction ends.
    """
    await db.execute(statements.TURN, {"whose": f"{APP}.quotas.{actor.person}"})
    sent = {"person": actor.person, "uploads": upload_ids}
    used = (await db.execute(statements.KEPT, sent)).one()
    if used.documents + documents > quotas.documents:
        return Exceeded("too_many_documents", used.documents, quotas.documents)
    size = used.size + used.new
    return Exceeded("no_space", used.size, quotas.size) if size > quotas.size else None
