"""Whether the day of a document is over: its owner's clock says so."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, false, func, select

from bus import Actor
from database import Session
from database.documents import Document, Owner


async def today(actor: Actor, db: Session) -> date:
    """Return the day it is where the acting person is."""
    own_zone = select(Owner.time_zone).where(Owner.person_id == actor.person)
    return datetime.now(UTC).astimezone(ZoneInfo(await db.scalar(own_zone) or "UTC")).date()


def expired(today: date) -> ColumnElement[bool]:
    """Return the column that says whether a document has expired."""
    return func.coalesce(Document.expires_on < today, false()).label("expired")
