"""Whether the day of a document is over: its owner's clock says so."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from sqlalchemy import select

from database.documents import Owner
from database.reading import PERSON

ZONE = select(Owner.time_zone).where(Owner.person_id == PERSON).scalar_subquery().label("zone")
"""The zone of whose rows are asked for, NULL where none is known."""


def today(zone: str | None) -> date:
    """Return the day it is in a zone, where none is known that of UTC."""
    return datetime.now(UTC).astimezone(ZoneInfo(zone or "UTC")).date()


def is_over(expires_on: date | None, today: date) -> bool:
    """Whether a document has expired."""
    return expires_on is not None and expires_on < today
