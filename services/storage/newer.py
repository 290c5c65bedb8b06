"""The events of people are handled in any order: what is heard of late changes nothing newer."""

from datetime import datetime

from sqlalchemy import ColumnElement, true
from sqlalchemy.orm import InstrumentedAttribute


def is_news(
    known: InstrumentedAttribute[datetime | None], changed_at: datetime | None
) -> ColumnElement[bool]:
    """Return where what was changed then is newer than what is known.

    Events of before that time was told count as news.
    """
    return true() if changed_at is None else known.is_(None) | (known < changed_at)
