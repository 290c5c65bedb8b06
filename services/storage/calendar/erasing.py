"""Who is forgotten has no tasks, no feed and no reminders any more."""

from sqlalchemy import delete

from contracts.people import PersonErased
from database import Session
from database.calendar import Feed, Owner, Task
from services.storage.calendar.digest import cancel_digest
from services.storage.calendar.own import owner_of
from services.storage.calendar.registration import router
from services.storage.calendar.reminders import cancel_all
from services.storage.schedule import Schedule


@router.handle
async def erase_on_person_erased(event: PersonErased, db: Session, schedule: Schedule) -> None:
    """What was done of a task goes with it."""
    owner = await owner_of(event.person_id, db, to_change=True)
    await cancel_all(owner, db, schedule)
    await cancel_digest(event.person_id, schedule)
    for table in (Task, Feed, Owner):
        await db.execute(delete(table).where(table.person_id == event.person_id))
