"""Which days of a month hold something."""

from calendar import monthrange
from collections import defaultdict
from datetime import date, datetime, timedelta

from bus import Actor
from contracts.calendar import GetMonth, Month, MonthDay
from contracts.calendar.local_times import beginning_of
from database.reading import Reader
from services.query.calendar.items import agenda
from services.query.calendar.now import here
from services.query.calendar.registration import router


@router.handle
async def get_month(query: GetMonth, actor: Actor, db: Reader) -> Month:
    place = await here(actor.person, db)
    first = date(query.year, query.month, 1)
    after = first + timedelta(days=monthrange(query.year, query.month)[1])
    begins, ends = (beginning_of(day, place.owner.zone) for day in (first, after))
    # Also of a month that is over: what is overdue in all is counted.
    found = await agenda(place, max(ends, place.moment), db, since=begins)
    days: defaultdict[int, list[datetime]] = defaultdict(list)
    for _, entry in found:
        day = place.local_of(entry.due_at).date()
        if (day.year, day.month) == (query.year, query.month):
            days[day.day].append(entry.due_at)
    return Month(
        year=query.year,
        month=query.month,
        days=tuple(
            MonthDay(day=day, tasks=len(due), overdue=any(each <= place.moment for each in due))
            for day, due in sorted(days.items())
        ),
        overdue=sum(entry.due_at <= place.moment for _, entry in found),
        today=place.today,
        time_zone=place.owner.zone,
    )
