"""How people want to be reminded: their own offsets, and when the digest of a day comes."""

from bus import Actor
from contracts.calendar import CalendarSettingsChanged, ChangeCalendarSettings
from database import Session
from database.calendar import Owner
from services.storage.calendar.adding import in_order
from services.storage.calendar.digest import plan_digest, skip_what_has_passed
from services.storage.calendar.own import now, owner_of
from services.storage.calendar.registration import router
from services.storage.calendar.reminders import plan_again
from services.storage.schedule import Schedule


@router.handle
async def change_calendar_settings(
    command: ChangeCalendarSettings, actor: Actor, db: Session, schedule: Schedule
) -> CalendarSettingsChanged:
    """Tasks with reminders of their own keep them."""
    owner, at = await owner_of(actor.person, db, to_change=True), await now(db)
    if command.remind_before is not None:
        was = as_is(owner)
        owner.remind_before = in_order(command.remind_before)
        await plan_again(owner, was, at, db, schedule)
    if command.digest_at is not None and command.digest_at != owner.digest_at:
        owner.digest_at = command.digest_at
        skip_what_has_passed(owner, at)
        await plan_digest(owner, at, schedule)
    return CalendarSettingsChanged(
        person_id=actor.person, remind_before=owner.offsets, digest_at=owner.digest_at
    )


def as_is(owner: Owner) -> Owner:
    """Return a copy of settings, which no table knows."""
    names = [column.key for column in Owner.__table__.columns]
    return Owner(**{name: getattr(owner, name) for name in names})
