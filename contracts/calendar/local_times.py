"""Local times and moments: what a person's clock shows when, also on the days it is changed.

A local time is a naive datetime here, a moment one of UTC. A time in the hour that clocks leave out
is as much later as they are put forward; of one that they show twice the first counts.
"""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from contracts.calendar.fields import LocalTime
from contracts.people import LocalClock, QuietHours

LAST_YEAR = 2099
"""No local time of a message is later."""


def moment_of(local: datetime, time_zone: str) -> datetime:
    """Return when a clock in a zone shows a time."""
    return local.replace(tzinfo=ZoneInfo(time_zone), fold=0).astimezone(UTC)


def local_of(moment: datetime, time_zone: str) -> datetime:
    """Return what a clock in a zone shows at a moment."""
    return moment.astimezone(ZoneInfo(time_zone)).replace(tzinfo=None, fold=0)


def read_local(text: LocalTime) -> datetime:
    """Read `2026-11-21T14:00`."""
    return datetime.fromisoformat(text)


def say_local(local: datetime) -> LocalTime:
    """Return a local time as messages have it, in whole minutes."""
    return local.isoformat(timespec="minutes")


def read_clock(text: LocalClock) -> time:
    """Read `08:30`."""
    return time.fromisoformat(text)


def at_clock(day: date, clock: LocalClock, time_zone: str) -> datetime:
    """Return the moment at which a day's clock shows a time."""
    return moment_of(datetime.combine(day, read_clock(clock)), time_zone)


def beginning_of(day: date, time_zone: str) -> datetime:
    """Return the moment at which a day begins."""
    return moment_of(datetime.combine(day, time()), time_zone)


def up_to_minute(moment: datetime) -> datetime:
    """Return the beginning of the next minute, or the moment that is one."""
    floor = moment.replace(second=0, microsecond=0)
    return floor if floor == moment else floor + timedelta(minutes=1)


def end_of_quiet(moment: datetime, quiet: QuietHours | None, time_zone: str) -> datetime | None:
    """Return when the quiet hours end in which a moment falls, None where it is in none."""
    if quiet is None:
        return None
    local = local_of(moment, time_zone)
    begins, ends, clock = read_clock(quiet.begins), read_clock(quiet.ends), local.time()
    past_midnight = ends < begins
    within = (clock >= begins or clock < ends) if past_midnight else begins <= clock < ends
    if not within:
        return None
    day = local.date()
    if past_midnight and clock >= begins:
        day += timedelta(days=1)
    end = at_clock(day, quiet.ends, time_zone)
    if end > moment:
        return end
    # Clocks show that time twice, and it was put off between the two.
    again = datetime.combine(day, ends, ZoneInfo(time_zone)).replace(fold=1)
    return again.astimezone(UTC)
