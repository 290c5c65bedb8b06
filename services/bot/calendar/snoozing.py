"""Reminders are put off: for some minutes, until tomorrow, or until a moment of one's own."""

from collections.abc import Mapping
from datetime import datetime, time, timedelta
from typing import Any

from aiogram.types import CallbackQuery
from msgspec.structs import replace

from contracts.calendar import SnoozeTask, TaskSnoozed
from screens import calendar as screens
from screens.calendar import (
    SnoozeButton,
    SnoozeChoice,
    SnoozeForButton,
    TaskButton,
    clock_digits,
    clock_of,
)
from services.bot import forms
from services.bot.calendar.browsing import find_task
from services.bot.calendar.front_door import FRONT_DOOR
from services.bot.conversation import Conversation
from services.bot.executing import execute_and_show
from services.bot.forms import Form, Moment

MINUTES: dict[SnoozeChoice, int] = {"10m": 10, "1h": 60}
TOMORROW_AT = time(9)


def snooze_until(task_id: int, occurrence: str, deadline: str) -> SnoozeTask:
    """Return the command for the answers of the form."""
    return SnoozeTask(task_id=task_id, occurrence=occurrence, until=deadline)


async def back_to_task(values: Mapping[str, Any], conversation: Conversation, word: str) -> None:
    """Show the task to whoever leaves the form, below a word."""
    at = TaskButton(task_id=values["task_id"], occurrence=clock_digits(values["occurrence"]))
    found = await find_task(at, at.pack(), conversation)
    if found:
        screen = screens.task(found, at, conversation.say)
        await conversation.show(replace(screen, text=f"{word}\n\n{screen.text}"))


SNOOZE = Form(
    name="calendar.snooze",
    command=SnoozeTask,
    fields=(
        # Named as refusals name the moment that has passed.
        Moment(name="deadline", label=screens.snooze_label, question=screens.ask_snooze_until),
    ),
    done=TaskSnoozed,
    home=FRONT_DOOR.home,
    review=False,
    build=snooze_until,
    left=back_to_task,
)


async def ask_until_when(
    _: CallbackQuery, callback_data: SnoozeButton, conversation: Conversation
) -> None:
    at = TaskButton(task_id=callback_data.task_id, occurrence=callback_data.occurrence)
    found = await find_task(at, callback_data.pack(), conversation)
    if found:
        await conversation.show(screens.ask_snooze(found.title, callback_data, conversation.say))


async def snooze(
    _: CallbackQuery, callback_data: SnoozeForButton, conversation: Conversation
) -> None:
    task_id, occurrence = callback_data.task_id, clock_of(callback_data.occurrence)
    match callback_data.choice:
        case "own":
            await forms.start(SNOOZE, conversation, task_id=task_id, occurrence=occurrence)
            return
        case "tomorrow":
            until = tomorrow(conversation.now)
            command = SnoozeTask(task_id=task_id, occurrence=occurrence, until=until)
        case some:
            command = SnoozeTask(task_id=task_id, occurrence=occurrence, minutes=MINUTES[some])
    await execute_and_show(command, conversation)


def tomorrow(now: datetime) -> str:
    """Return the morning after a person's `now`, as contracts write local times."""
    day = now.date() + timedelta(days=1)
    return f"{datetime.combine(day, TOMORROW_AT):%Y-%m-%dT%H:%M}"
