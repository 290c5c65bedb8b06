"""How a task is changed, one thing at a time, in the version that the person saw."""

from collections.abc import Callable
from typing import Any

import aiogram
from aiogram.types import CallbackQuery

from bus import QueryUnavailable
from contracts.base import Command, Event
from contracts.calendar import (
    ChangeRepeat,
    ChangeStart,
    ChangeTaskNote,
    ChangeTaskReminders,
    GetCalendarSettings,
    GetTask,
    MoveTask,
    RenameTask,
    RepeatChanged,
    StartChanged,
    Task,
    TaskMoved,
    TaskNoteChanged,
    TaskRemindersChanged,
    TaskRenamed,
)
from screens import calendar as screens
from screens.calendar import Changeable, ChangeTaskButton
from services.bot import forms
from services.bot.calendar import reminders
from services.bot.calendar.front_door import FRONT_DOOR
from services.bot.calendar.reminders import Reminders, reminders_of
from services.bot.calendar.repeats import Repeats, repeat_of
from services.bot.conversation import Conversation
from services.bot.forms import Answer, Form, Moment, Text
from services.bot.forms.fields import Field


def no_start(conversation: Conversation) -> tuple[Answer, ...]:
    return (Answer(None, screens.no_start(conversation.say)),)


def no_note(conversation: Conversation) -> tuple[Answer, ...]:
    return (Answer("", screens.no_note(conversation.say)),)


def repeat_change(*, repeat: str | None, **task: Any) -> ChangeRepeat:
    return ChangeRepeat(repeat=repeat_of(repeat), **task)


def reminders_change(*, remind_before: str | None, **task: Any) -> ChangeTaskReminders:
    return ChangeTaskReminders(remind_before=reminders_of(remind_before), **task)


def _form(
    command: type[Command[Any]],
    field: Field,
    done: type[Event],
    build: Callable[..., Command[Any]] | None = None,
) -> Form:
    return Form(
        name=f"calendar.change.{field.name}",
        command=command,
        fields=(field,),
        done=done,
        home=FRONT_DOOR.home,
        review=False,
        build=build,
    )


FORMS: dict[Changeable, Form] = {
    "title": _form(
        RenameTask,
        Text(name="title", label=screens.title_label, question=screens.ask_new_title),
        TaskRenamed,
    ),
    "deadline": _form(
        MoveTask,
        Moment(name="deadline", label=screens.deadline_label, question=screens.ask_new_deadline),
        TaskMoved,
    ),
    "start": _form(
        ChangeStart,
        Moment(
            name="starts",
            label=screens.starts_label,
            question=screens.ask_start,
            suggest=no_start,
        ),
        StartChanged,
    ),
    "note": _form(
        ChangeTaskNote,
        Text(
            name="note",
            label=screens.task_note_label,
            question=screens.ask_task_note,
            suggest=no_note,
            lines=True,
            nothing="-",
        ),
        TaskNoteChanged,
    ),
    "repeat": _form(
        ChangeRepeat,
        Repeats(
            name="repeat",
            label=screens.repeat_label,
            question=screens.ask_repeat,
            removable=True,
        ),
        RepeatChanged,
        repeat_change,
    ),
    "reminders": _form(
        ChangeTaskReminders,
        Reminders(
            name="remind_before",
            label=screens.remind_before_label,
            question=screens.ask_reminders,
        ),
        TaskRemindersChanged,
        reminders_change,
    ),
}


def build_router() -> aiogram.Router:
    """Return the router for the buttons that change a task."""
    router = aiogram.Router(name="calendar, editing")
    router.callback_query.register(begin_to_change, ChangeTaskButton.filter())
    return router


async def begin_to_change(
    _: CallbackQuery, callback_data: ChangeTaskButton, conversation: Conversation
) -> None:
    """Ask what it shall be, from what it is now."""
    form = FORMS[callback_data.what]
    task, version = callback_data.task_id, callback_data.version
    filling = await forms.open_form(form, conversation, task_id=task, version=version)
    if filling is None:
        return
    (field,) = form.fields
    now = await _as_it_is(callback_data, conversation)
    if now:
        filling.know(field.name, now)
    await filling.ask(field, propose=False)


async def _as_it_is(at: ChangeTaskButton, conversation: Conversation) -> Answer | None:
    """Return what is to be changed as the field's answer, None where it is asked without that."""
    if at.what in ("title", "note", "repeat"):
        return None
    try:
        task = await conversation.ask(GetTask(task_id=at.task_id))
        if not isinstance(task, Task):
            return None  # whoever answers all the same is refused in words
        match at.what:
            case "deadline":
                return Answer(task.deadline, task.deadline)
            case "start":
                return Answer(task.starts or task.deadline, "")
            case _ if task.remind_before is not None:
                return reminders.answer_of(task.remind_before, conversation)
            case _:
                settings = await conversation.ask(GetCalendarSettings())
                return reminders.answer_of_settings(settings.remind_before, conversation)
    except QueryUnavailable:
        return None
