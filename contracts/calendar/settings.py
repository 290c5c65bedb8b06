"""How somebody wants to be reminded: their own offsets, and a digest of the day."""

from contracts.base import Command, Event, Language, PersonId, Query, Reply
from contracts.calendar.fields import DigestClock, RemindBefore
from contracts.people import QuietHours, TimeZoneName


class CalendarSettingsChanged(Event, frozen=True, kw_only=True):
    """A person's settings after the change; what was planned by the old ones is planned anew."""

    person_id: PersonId
    remind_before: RemindBefore
    digest_at: DigestClock


class ChangeCalendarSettings(Command[CalendarSettingsChanged], frozen=True, kw_only=True):
    """Change the reminders of tasks without own ones, or the digest's time; None stays.

    An empty `remind_before` is no reminders, an empty `digest_at` no digest.
    """

    remind_before: RemindBefore | None = None
    digest_at: DigestClock | None = None


class CalendarSettings(Reply, frozen=True, kw_only=True):
    """A person's settings; language, zone and quiet hours are those of people, as heard here."""

    remind_before: RemindBefore
    digest_at: DigestClock
    language: Language
    time_zone: TimeZoneName
    quiet_hours: QuietHours | None
    has_feed: bool


class GetCalendarSettings(Query[CalendarSettings], frozen=True, kw_only=True):
    """How does the acting person want to be reminded?"""
