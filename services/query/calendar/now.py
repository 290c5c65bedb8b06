"""What time it is where the acting person is, and how they are reminded there."""

from datetime import UTC, date, datetime
from typing import NamedTuple

from contracts.base import PersonId
from contracts.calendar import LocalTime
from contracts.calendar.local_times import local_of, say_local
from database import Session
from database.calendar import Owner


class Here(NamedTuple):
    """A person's settings, and the time by PostgreSQL and by their own clock."""

    owner: Owner
    moment: datetime
    local: datetime

    @property
    def today(self) -> date:
        """The day it is there."""
        return self.local.date()

    @property
    def clock(self) -> LocalTime:
        """The minute it is there."""
        return say_local(self.local)

    def local_of(self, moment: datetime) -> datetime:
        """Return what the person's clock shows at a moment."""
        return local_of(moment, self.owner.zone)


async def here(person_id: PersonId, db: Session) -> Here:
    """Return what the acting person's clock shows; of nobody known that of UTC."""
    owner = await db.get(Owner, person_id) or Owner(person_id=person_id, digest_at="")
    moment = datetime.now(UTC)
    return Here(owner, moment, local_of(moment, owner.zone))
