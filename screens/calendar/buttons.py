"""The buttons of the calendar bot; they carry ids and times only: what people typed is too long."""

from datetime import date, datetime
from typing import Annotated, Literal

import pydantic
from aiogram.filters.callback_data import CallbackData

from screens.buttons import Id, Number, PageButton
from screens.months import LAST


def clock_digits(local: str) -> str:
    """Return a local time, `YYYY-MM-DDTHH:MM`, as buttons carry it."""
    return "".join(filter(str.isdigit, local))


def clock_of(digits: str) -> str:
    """Return the local time that a button carries, as contracts write it."""
    return f"{digits[:4]}-{digits[4:6]}-{digits[6:8]}T{digits[8:10]}:{digits[10:]}"


def _is_clock(digits: str) -> str:
    datetime.fromisoformat(clock_of(digits))
    return digits


def _is_day(digits: str) -> str:
    date.fromisoformat(digits)
    return digits


Clock = Annotated[str, pydantic.Field(pattern=r"^20[0-9]{10}$"), pydantic.AfterValidator(_is_clock)]
"""A local time as twelve digits: its colon would separate the parts of a button."""

ClockOrNone = Literal[""] | Clock
"""Empty for the open occurrence of a task."""

Day = Annotated[
    str, pydantic.Field(pattern=r"^20[0-9]{2}-[0-9]{2}-[0-9]{2}$"), pydantic.AfterValidator(_is_day)
]

View = Literal["today", "week", "all", "done"]

Origin = Literal[View, "day", "elsewhere"]
"""Which list led to a task."""


class NewTaskButton(CallbackData, prefix="new"):
    """Begin to add a task."""


class ViewButton(PageButton, prefix="view"):
    """A page of a view."""

    view: View = "today"


class MonthButton(CallbackData, prefix="month"):
    """A month with its marks; the current one where there is none in that year."""

    year: Annotated[int, pydantic.Field(ge=0, le=LAST[0])] = 0
    month: Annotated[int, pydantic.Field(ge=1, le=12)] = 1


class DayButton(PageButton, prefix="day"):
    """A page of a day's tasks."""

    day: Day


class TaskButton(CallbackData, prefix="task"):
    """Show an occurrence of a task, chosen from the page of a list that begins at `offset`."""

    task_id: Id
    occurrence: ClockOrNone = ""
    origin: Origin = "elsewhere"
    offset: Number = 0


class FinishButton(CallbackData, prefix="done"):
    """One occurrence of a task is done."""

    task_id: Id
    occurrence: Clock


class ReopenButton(CallbackData, prefix="reopen"):
    """One occurrence of a task is not done after all."""

    task_id: Id
    occurrence: Clock


class SnoozeButton(CallbackData, prefix="snooze"):
    """Choose for how long a task's occurrence is put off."""

    task_id: Id
    occurrence: Clock


SnoozeChoice = Literal["10m", "1h", "tomorrow", "own"]


class SnoozeForButton(CallbackData, prefix="later"):
    """Put a task's occurrence off for a time of the choices, or for one that is asked for."""

    task_id: Id
    occurrence: Clock
    choice: SnoozeChoice


class DeleteButton(CallbackData, prefix="remove"):
    """Delete the version of a task that was shown."""

    task_id: Id
    version: Id


class DeleteRepeatingButton(CallbackData, prefix="which"):
    """Choose what of a repeating task goes: the occurrence that was shown, or all of it."""

    task_id: Id
    version: Id
    occurrence: Clock


class RestoreButton(CallbackData, prefix="restore"):
    """Bring a deleted task back."""

    task_id: Id


Changeable = Literal["title", "deadline", "start", "note", "repeat", "reminders"]


class MakeTaskButton(CallbackData, prefix="make"):
    """Make a task of what the message with this button ends with."""


class ChangeTaskButton(CallbackData, prefix="change"):
    """Change one thing about the version of a task that was shown."""

    task_id: Id
    version: Id
    what: Changeable


class CalendarSettingsButton(CallbackData, prefix="own"):
    """Show the calendar's own settings."""


class DigestButton(CallbackData, prefix="digest"):
    """Begin to choose when the day's tasks are told."""


class RemindBeforeButton(CallbackData, prefix="before"):
    """Begin to choose how long before its deadline one is reminded of a task."""


class ExportButton(CallbackData, prefix="ics"):
    """Have the whole calendar sent as a file."""


class FeedButton(CallbackData, prefix="feed"):
    """Show the address under which calendar programs subscribe."""


class CreateFeedButton(CallbackData, prefix="subscribe"):
    """Create that address."""


class RevokeFeedButton(CallbackData, prefix="unsubscribe"):
    """Have the address work no more: asked first, done when `sure`."""

    sure: bool
