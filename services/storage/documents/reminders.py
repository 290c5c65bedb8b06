"""When owners are reminded of an expiry: 30, 7 and 1 days before, in the morning where they are."""

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, func, select

from contracts.base import PersonId
from contracts.documents import DocumentId, RemindOfExpiry
from database import Session
from database.documents import Document, Owner
from services.storage.schedule import Schedule

DAYS_BEFORE = (30, 7, 1)
REMINDED_AT = time(10)
UNKNOWN_ZONE = "UTC"


def moments_to_come(expires_on: date | None, time_zone: str, now: datetime) -> dict[int, datetime]:
    """Return the moments of the reminders after `now`, by the days they come before the expiry."""
    zone = ZoneInfo(time_zone)
    if expires_on is None or expires_on <= now.astimezone(zone).date():
        return {}
    moments = {
        # The zone's rules of that day count: clocks may have been changed by then.
        days: datetime.combine(expires_on - timedelta(days=days), REMINDED_AT, zone)
        for days in DAYS_BEFORE
    }
    return {days: moment for days, moment in moments.items() if moment > now}


async def plan_reminders(
    document_id: DocumentId,
    expires_on: date | None,
    time_zone: str,
    db: Session,
    schedule: Schedule,
) -> tuple[date, ...]:
    """Have the owner reminded of an expiry instead of what was planned; return the days."""
    now = (await db.execute(select(func.now()))).scalar_one()
    to_come = moments_to_come(expires_on, time_zone, now)
    for days in DAYS_BEFORE:
        if expires_on and days in to_come:
            reminder = RemindOfExpiry(
                document_id=document_id, expires_on=expires_on, days_before=days
            )
            await schedule(_key(document_id, days), to_come[days], reminder)
        else:
            await schedule.cancel(_key(document_id, days))
    return tuple(moment.date() for moment in to_come.values())


async def plan_again(
    person_id: PersonId, db: Session, schedule: Schedule, *which: ColumnElement[bool]
) -> None:
    """Plan the reminders of a person's documents as their rows say now; `which` narrows them."""
    time_zone = await zone_of(person_id, db)
    expiring = (
        select(Document.id, Document.expires_on)
        .where(
            Document.person_id == person_id,
            Document.expires_on.is_not(None),
            Document.reminding,
            Document.deleted_at.is_(None),
            *which,
        )
        .order_by(Document.id)
    )
    for document in (await db.execute(expiring)).all():
        await plan_reminders(document.id, document.expires_on, time_zone, db, schedule)


async def cancel_reminders(document_id: DocumentId, schedule: Schedule) -> None:
    """Forget what is planned for a document."""
    for days in DAYS_BEFORE:
        await schedule.cancel(_key(document_id, days))


async def cancel_all_reminders(person_id: PersonId, db: Session, schedule: Schedule) -> None:
    """Forget what is planned for the documents of a person."""
    expiring = (Document.person_id == person_id, Document.expires_on.is_not(None))
    for document_id in await db.scalars(select(Document.id).where(*expiring)):
        await cancel_reminders(document_id, schedule)


async def zone_of(person_id: PersonId, db: Session) -> str:
    """Return a person's time zone, held until the transaction ends.

    Whoever changes it waits so long, and then plans again what was planned by the old one.
    """
    zone = select(Owner.time_zone).where(Owner.person_id == person_id).with_for_update(read=True)
    return await db.scalar(zone) or UNKNOWN_ZONE


def _key(document_id: DocumentId, days: int) -> str:
    return f"expiry:{document_id}:{days}"
