"""How the acting person wants to be reminded."""

from sqlalchemy import select

from bus import Actor
from contracts.calendar import CalendarSettings, GetCalendarSettings
from database.calendar import Feed
from database.reading import PERSON, Question, Reader
from services.query.calendar.now import here
from services.query.calendar.registration import router

FEED = Question(select(Feed.id).where(Feed.person_id == PERSON))


@router.handle
async def get_calendar_settings(
    query: GetCalendarSettings, actor: Actor, db: Reader
) -> CalendarSettings:
    owner = (await here(actor.person, db)).owner
    has_feed = await db.row(FEED, person=actor.person)
    return CalendarSettings(
        remind_before=owner.offsets,
        digest_at=owner.digest_at,
        language=owner.says,
        time_zone=owner.zone,
        quiet_hours=owner.quiet_hours,
        has_feed=has_feed is not None,
    )
