"""Who may see mailings: senders their own, administrators all."""

from sqlalchemy import BigInteger, ColumnElement, bindparam, or_, select
from sqlalchemy.orm import InstrumentedAttribute

from contracts.base import PersonId
from database.broadcasts import Mailing, Sender
from database.reading import PERSON

IS_SENDER = (Sender.person_id == PERSON, Sender.admin | Sender.granted)
"""Of the row of whoever asks; there is none of somebody who is no sender."""


def seen(author: InstrumentedAttribute[PersonId] = Mailing.author) -> ColumnElement[bool]:
    """Return which mailings, or lists by their `author`, the acting person may see."""
    is_admin = select(Sender.admin).where(*IS_SENDER).correlate(None)
    return or_(author == PERSON, is_admin.scalar_subquery())


MAILING = bindparam("mailing", type_=BigInteger)
ASKED = (
    Mailing.id == MAILING,
    select(Sender.person_id).where(*IS_SENDER).exists(),
    seen(),
)
"""Of the mailing that is asked for; there is none that the acting person may not see."""
