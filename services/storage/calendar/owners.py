"""Whose tasks these are: the clock by which people are reminded, their quiet hours and language."""

from contracts.calendar import TimeZoneFollowed
from contracts.people import PersonRemembered, QuietHours, SettingsChanged
from database import Session
from database.calendar import Owner
from services.storage.calendar.digest import plan_digest
from services.storage.calendar.own import now, owner_of
from services.storage.calendar.registration import router
from services.storage.calendar.reminders import plan_again
from services.storage.calendar.settings import as_is
from services.storage.forgotten import forgotten_since
from services.storage.schedule import Schedule


@router.handle
async def get_to_know_owner_on_person_remembered(
    event: PersonRemembered, db: Session, schedule: Schedule
) -> None:
    """Whoever is known already stays so: this may be said later than a change of settings."""
    if event.language is None or event.time_zone is None:
        return
    if await forgotten_since(event.person_id, event.seen_at, db):
        return
    owner = await owner_of(event.person_id, db, to_change=True)
    if owner.time_zone is None:
        was = as_is(owner)
        owner.language, owner.time_zone = event.language, event.time_zone
        _be_quiet(owner, event.quiet_hours)
        await _follow(owner, was, db, schedule)


@router.handle
async def plan_by_new_clock_on_settings_changed(
    event: SettingsChanged, db: Session, schedule: Schedule
) -> TimeZoneFollowed | None:
    """Clock times stay; the person is told so where the zone is another and something is open."""
    if await forgotten_since(event.person_id, event.changed_at, db):
        return None
    owner = await owner_of(event.person_id, db, to_change=True)
    if event.changed_at and owner.settings_at and event.changed_at < owner.settings_at:
        return None  # it comes after what was said later
    was = as_is(owner)
    owner.language, owner.time_zone = event.language, event.time_zone
    owner.settings_at = event.changed_at or owner.settings_at
    _be_quiet(owner, event.quiet_hours)
    if owner.clock == was.clock and was.time_zone is not None:
        return None
    tasks = await _follow(owner, was, db, schedule)
    if was.time_zone in {None, owner.time_zone} or not tasks:
        return None
    return TimeZoneFollowed(
        person_id=event.person_id,
        since=await now(db),
        tasks=tasks,
        language=owner.says,
        time_zone=owner.zone,
    )


def _be_quiet(owner: Owner, quiet_hours: QuietHours | None) -> None:
    owner.quiet_begins = quiet_hours.begins if quiet_hours else None
    owner.quiet_ends = quiet_hours.ends if quiet_hours else None


async def _follow(owner: Owner, was: Owner, db: Session, schedule: Schedule) -> int:
    at = await now(db)
    if owner.digest_at and owner.zone != was.zone:
        await plan_digest(owner, at, schedule)
    return await plan_again(owner, was, at, db, schedule)
