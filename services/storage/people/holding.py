"""A person is held while something of them changes, so that changes have an order."""

from datetime import datetime

from sqlalchemy import func, select

from contracts.base import PersonId
from database import Session
from database.people import Person


async def hold(person_id: PersonId, db: Session) -> datetime:
    """Hold a person's row until the transaction ends, and return the time by PostgreSQL's clock.

    Of two changes of one person the later one has the later time.
    """
    await db.execute(select(Person.id).where(Person.id == person_id).with_for_update())
    held_at: datetime = (await db.execute(select(func.clock_timestamp()))).scalar_one()
    return held_at
