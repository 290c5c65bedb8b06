"""All open tasks at once, for the programs that keep calendars."""

from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from contracts.base import ChatId, Command, Event, Language, PersonId, Query, Reply
from contracts.calendar.fields import (
    LocalTime,
    Moment,
    RemindBefore,
    TaskId,
    TaskNote,
    TaskTitle,
    Version,
)
from contracts.calendar.repeating import Repeat
from contracts.people import TimeZoneName

EXPORTED_AT_ONCE = 200
"""Tasks of one reply."""

After = Annotated[int, Meta(ge=0, le=2**63 - 1)]
"""The id of the last task of the page before, 0 for the first page."""


class ExportedTask(msgspec.Struct, frozen=True, kw_only=True):
    """An open task; all times are of the zone `time_zone`.

    A repeating one repeats from `occurrence` on, monthly on the day `day_of_month` or the last;
    `deadline` differs from `occurrence` where that one was put off. `without` are occurrences after
    it that are done already. `remind_before` are its reminders, the person's own where it has none.
    """

    task_id: TaskId
    version: Version
    title: TaskTitle
    note: TaskNote
    occurrence: LocalTime
    deadline: LocalTime
    starts: LocalTime | None
    time_zone: TimeZoneName
    repeat: Repeat | None
    day_of_month: Annotated[int, Meta(ge=1, le=31)]
    without: tuple[LocalTime, ...]
    created_at: Moment
    changed_at: Moment
    remind_before: RemindBefore = ()


class CalendarTasks(Reply, frozen=True, kw_only=True):
    """Open tasks in pages by their ids; with `more` there are others after the last."""

    language: Language
    time_zone: TimeZoneName
    tasks: tuple[ExportedTask, ...]
    more: bool


class ListCalendar(Query[CalendarTasks], frozen=True, kw_only=True):
    """Which tasks of the acting person are open, with all that a calendar program shows?"""

    after: After = 0


class CalendarSent(Event, frozen=True, kw_only=True):
    """A file with a person's open tasks is in the chat."""

    person_id: PersonId
    tasks: int


class CalendarNotSent(Event, frozen=True, kw_only=True):
    """No file was sent: there is no open task, or the person blocked the bot."""

    person_id: PersonId
    reason: Literal["nothing", "unreachable"]


class SendCalendar(Command[CalendarSent | CalendarNotSent], frozen=True, kw_only=True):
    """Send the acting person's open tasks to a chat as a file that calendar programs read."""

    app: str
    chat_id: ChatId
