"""How the acting person wants to be reminded."""

from sqlalchemy import exists, select

from bus import Actor
from contracts.calendar import CalendarSettings, GetCalendarSettings
from database import Session
from database.calendar import Feed
from services.query.calendar.now import here
from services.query.calendar.registration import router


@router.handle
async def get_calendar_settings(
    query: GetCalendarSettings, actor: Actor, db: Session
) -> CalendarSettings:
    owner = (await here(actor.person, db)).owner
    has_feed = await db.scalar(select(exists().where(Feed.person_id == actor.person)))
    return CalendarSettings(
        remind_before=owner.offsets,
        digest_at=owner.digest_at,
        language=owner.says,
        time_zone=owner.zone,
        quiet_hours=owner.quiet_hours,
        has_feed=bool(has_feed),
    )
