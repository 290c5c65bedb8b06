"""Tasks as calendar programs read them: an iCalendar file (RFC 5545)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import chain
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from contracts.calendar import ExportedTask, Repeat

if TYPE_CHECKING:  # it takes 12 MB and a third of a second, which most processes never need
    from icalendar import Calendar, Event

MIME_TYPE = "text/calendar"
FILE_NAME = "calendar.ics"
PRODUCT = "-//Switchboard//Calendar//EN"
YEARS_AHEAD = 20
"""For which a file says when clocks change; programs know that by the zone's name for longer."""
LOOK_AGAIN = timedelta(hours=1)
"""How often programs are asked to look whether something has changed."""
WEEKDAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
SHORTEST_MONTH = 28


@dataclass(frozen=True, slots=True)
class Booklet:
    """What is written down: the tasks, under a name (plain) and with the zone of their person."""

    name: str
    time_zone: str
    tasks: Sequence[ExportedTask]


def written(booklet: Booklet) -> bytes:
    """Return the file; the same tasks give the same bytes."""
    from icalendar import Calendar

    calendar = Calendar()
    calendar.add("prodid", PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("method", "PUBLISH")
    calendar.add("name", booklet.name)
    calendar.add("x-wr-calname", booklet.name)
    calendar.add("x-wr-timezone", booklet.time_zone)
    calendar.add("refresh-interval", LOOK_AGAIN, parameters={"VALUE": "DURATION"})
    calendar.add("x-published-ttl", "PT1H")
    for event in chain.from_iterable(_events(task) for task in booklet.tasks):
        calendar.add_component(event)
    _add_zones(calendar, booklet.tasks)
    return bytes(calendar.to_ical())


def _events(task: ExportedTask) -> list["Event"]:
    """Return a task; where one occurrence of a series was put off, that occurrence as well."""
    # Unique in the world, and the same in every file: so programs see what has changed.
    uid = f"{task.task_id}-{task.created_at.timestamp():.6f}@switchboard"
    if task.repeat is None:
        return [_event(task, uid, task.deadline)]
    series = _event(task, uid, task.occurrence)
    series.add("rrule", _rule(task.repeat, task.day_of_month))
    if task.without:
        series.add("exdate", [_local(each, task) for each in task.without])
    if task.deadline == task.occurrence:
        return [series]
    put_off = _event(task, uid, task.deadline)
    put_off.add("recurrence-id", _local(task.occurrence, task))
    return [series, put_off]


def _event(task: ExportedTask, uid: str, deadline: str) -> "Event":
    from icalendar import Alarm, Event

    event, ends = Event(), _local(deadline, task)
    event.add("uid", uid)
    event.add("dtstamp", task.changed_at)
    event.add("created", task.created_at)
    event.add("last-modified", task.changed_at)
    event.add("sequence", task.version - 1)
    event.add("summary", task.title)
    if task.note:
        event.add("description", task.note)
    begins = _begins(task, ends)
    event.add("dtstart", begins)
    if begins < ends:
        event.add("dtend", ends)
    event.add("transp", "TRANSPARENT")  # a deadline keeps nobody from other appointments
    for minutes in task.remind_before:
        alarm = Alarm()
        alarm.add("action", "DISPLAY")
        alarm.add("description", task.title)
        related = {"RELATED": "END"} if begins < ends else {}
        alarm.add("trigger", timedelta(minutes=-minutes), parameters=related)
        event.add_component(alarm)
    return event


def _begins(task: ExportedTask, ends: datetime) -> datetime:
    """Return when a task begins, or its deadline where it has no beginning that can be shown.

    A rule counts from the beginning: that of a series has to be on the day of the deadline.
    """
    begins = _local(task.starts, task) if task.starts else ends
    fits = begins.date() == ends.date() if task.repeat else True
    return begins if fits and begins < ends else ends


def _rule(repeat: Repeat, day_of_month: int) -> dict[str, object]:
    match repeat.every:
        case "day":
            return {"freq": "DAILY"}
        case "days":
            return {"freq": "DAILY", "interval": repeat.interval}
        case "weekday":
            return {"freq": "WEEKLY", "byday": list(WEEKDAYS[:5])}
        case "week":
            return {"freq": "WEEKLY", "byday": [WEEKDAYS[day] for day in sorted(repeat.days)]}
        case "month" if day_of_month <= SHORTEST_MONTH:
            return {"freq": "MONTHLY", "bymonthday": day_of_month}
        case "month":
            # The last of those days that a month has.
            days = list(range(SHORTEST_MONTH, day_of_month + 1))
            return {"freq": "MONTHLY", "bymonthday": days, "bysetpos": -1}


def _local(clock: str, task: ExportedTask) -> datetime:
    return datetime.fromisoformat(clock).replace(tzinfo=ZoneInfo(task.time_zone))


def _add_zones(calendar: "Calendar", tasks: Sequence[ExportedTask]) -> None:
    if tasks:
        year = min(int(min(task.occurrence, task.deadline)[:4]) for task in tasks)
        first = min(year, min(task.created_at.year for task in tasks)) - 1
        last = max(int(max(task.occurrence, task.deadline)[:4]) for task in tasks) + YEARS_AHEAD
        calendar.add_missing_timezones(date(first, 1, 1), date(last, 1, 1))
