"""Whose documents these are: the clock and the language in which people are reminded."""

from sqlalchemy.dialects.postgresql import insert

from contracts.people import PersonRemembered, SettingsChanged
from database import Session
from database.documents import Owner
from services.storage.documents.registration import router
from services.storage.documents.reminders import plan_again
from services.storage.forgotten import forgotten_since
from services.storage.newer import is_news
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
    owner = insert(Owner).values(
        person_id=event.person_id, language=event.language, time_zone=event.time_zone
    )
    new = await db.scalar(owner.on_conflict_do_nothing().returning(Owner.person_id))
    if new is not None:
        await plan_again(event.person_id, db, schedule)


@router.handle
async def plan_by_new_clock_on_settings_changed(
    event: SettingsChanged, db: Session, schedule: Schedule
) -> None:
    """Planned anew even where the zone is the same: that moves nothing."""
    if await forgotten_since(event.person_id, event.changed_at, db):
        return
    settings = {
        "language": event.language,
        "time_zone": event.time_zone,
        "settings_at": event.changed_at,
    }
    owner = insert(Owner).values(person_id=event.person_id, **settings)
    noted = owner.on_conflict_do_update(
        index_elements=[Owner.person_id],
        set_=settings,
        where=is_news(Owner.settings_at, event.changed_at),
    )
    if await db.scalar(noted.returning(Owner.person_id)) is not None:
        await plan_again(event.person_id, db, schedule)
