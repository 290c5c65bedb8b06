"""What time it is where the acting person is, and how they are reminded there."""

from datetime import UTC, date, datetime
from typing import NamedTuple

from sqlalchemy import select

from contracts.base import PersonId
from contracts.calendar import LocalTime
from contracts.calendar.local_times import local_of, say_local
from database.calendar import Owner
from database.reading import PERSON, Question, Reader
from database.rows import columns_of, read_as

OWNER = Question(select(*columns_of(Owner)).where(Owner.person_id == PERSON))


class Here(NamedTuple):
    """A person's settings, and the time by our clock and by their own."""

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


async def here(person_id: PersonId, db: Reader) -> Here:
    """Return what the acting person's clock shows; of nobody known that of UTC."""
    known = await db.row(OWNER, person=person_id)
    owner = read_as(Owner, known) if known else Owner(person_id=person_id, digest_at="")
    moment = datetime.now(UTC)
    return Here(owner, moment, local_of(moment, owner.zone))
