"""What a person may keep, and whether more of it would be too much."""

from collections.abc import Sequence
from typing import Literal, NamedTuple

from sqlalchemy import BigInteger, cast, func, select

from bus import Actor
from contracts.files import UploadId
from database import Session
from database.documents import Document, File, size_kept
from services.quotas import Quotas
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
    await _take_turns(db, actor)
    count = select(func.count()).where(Document.person_id == actor.person)
    new = select(cast(func.coalesce(func.sum(File.size), 0), BigInteger))
    kept = select(
        count.scalar_subquery().label("documents"),
        size_kept(actor.person).scalar_subquery().label("size"),
        new.where(File.upload_id.in_(upload_ids)).scalar_subquery().label("new"),
    )
    used = (await db.execute(kept)).one()
    if used.documents + documents > quotas.documents:
        return Exceeded("too_many_documents", used.documents, quotas.documents)
    size = used.size + used.new
    return Exceeded("no_space", used.size, quotas.size) if size > quotas.size else None


async def _take_turns(db: Session, actor: Actor) -> None:
    key = func.hashtextextended(f"{APP}.quotas.{actor.person}", 0)
    await db.execute(select(func.pg_advisory_xact_lock(key)))
