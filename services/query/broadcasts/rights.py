"""Who may see mailings: senders their own, administrators all."""

from sqlalchemy import ColumnElement, Row, select, true
from sqlalchemy.orm import InstrumentedAttribute

from bus import Actor
from contracts.base import PersonId
from contracts.broadcasts import MailingId
from database import Session
from database.broadcasts import Mailing, Sender


async def visible(
    actor: Actor, db: Session, author: InstrumentedAttribute[PersonId] = Mailing.author
) -> ColumnElement[bool] | None:
    """Return which mailings, or lists by their `author`, the acting person may see.

    None for somebody who is no sender.
    """
    this = Sender.person_id == actor.person
    rights = select(Sender.admin).where(this, Sender.admin | Sender.granted)
    row: Row[bool] | None = (await db.execute(rights)).one_or_none()
    if row is None:
        return None
    return true() if row.admin else author == actor.person


async def find(mailing_id: MailingId, actor: Actor, db: Session) -> Mailing | None:
    """Return a mailing that the acting person may see."""
    seen = await visible(actor, db)
    if seen is None:
        return None
    return await db.scalar(select(Mailing).where(Mailing.id == mailing_id, seen))
