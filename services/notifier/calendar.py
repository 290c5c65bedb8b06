"""What people with tasks are told unasked: reminders, the day's digest, and that clocks moved."""

from datetime import UTC, datetime

from msgspec.structs import replace

from bus import Router
from contracts.calendar import DigestDue, TaskDue, TimeZoneFollowed
from contracts.notices import Notice
from screens.calendar import digest_due, task_due, time_zone_followed
from screens.texts import texts

APP = "calendar"
LATE = 5
"""Minutes; a reminder that waited so long to be told says so."""

router = Router()

# All of it is told in the private chat, which has the id of its person.


@router.handle
async def remind_on_task_due(event: TaskDue) -> Notice:
    """Once for each deadline and offset; a snoozed one once for each moment it comes again at."""
    event = as_it_is(event, datetime.now(UTC))
    due = f"{event.due_at:%Y%m%dT%H%M}"
    again = "" if event.minutes_before else f":{event.was_due}"
    return Notice(
        app=APP,
        chat_id=event.person_id,
        screen=task_due(event, texts(event.language)),
        key=f"task:{event.task_id}:{due}:{event.minutes_before}{again}",
        urgency="reminder",
        not_after=event.not_after,
    )


@router.handle
async def tell_digest_on_digest_due(event: DigestDue) -> Notice:
    """Once a day, and not on the next."""
    return Notice(
        app=APP,
        chat_id=event.person_id,
        screen=digest_due(event, texts(event.language)),
        key=f"digest:{event.day}",
        urgency="reminder",
        not_after=event.not_after,
    )


@router.handle
async def tell_zone_on_time_zone_followed(event: TimeZoneFollowed) -> Notice:
    """They asked for another zone, maybe in another bot: here their tasks went along."""
    return Notice(
        app=APP,
        chat_id=event.person_id,
        screen=time_zone_followed(event, texts(event.language)),
        key=f"zone:{event.since:%Y%m%dT%H%M%S.%f}",
    )


def as_it_is(event: TaskDue, now: datetime) -> TaskDue:
    """Return a reminder by the time it is now: it may have waited for whoever tells it."""
    minutes_left = round((event.due_at - now).total_seconds() / 60)
    late = event.late or event.minutes_left - minutes_left > LATE
    return replace(event, minutes_left=minutes_left, late=late)
