"""How tasks are added: question by question, in one line, or from what was written unasked."""

from dataclasses import replace
from datetime import datetime
from hashlib import blake2s
from typing import Any

import aiogram
from aiogram import F
from aiogram.filters import Command, CommandObject
from aiogram.types import CallbackQuery, Message

from bus import QueryUnavailable
from contracts.calendar import AddTask, GetCalendarSettings, Repeat, TaskAdded
from screens import calendar as screens
from screens import errors
from screens.calendar import MakeTaskButton, NewTaskButton
from services.bot import forms
from services.bot.calendar.front_door import FRONT_DOOR
from services.bot.calendar.reminders import Reminders, answer_of_settings, reminders_of
from services.bot.calendar.repeats import Repeats, answer_of_repeat, repeat_of, split_repeat
from services.bot.conversation import Conversation
from services.bot.forms import Answer, Form, Moment, Text, Unfit, answer_of, fit
from services.bot.forms.filling import Filling
from services.bot.forms.written import Split, split_moment

TITLE, DEADLINE, NOTE = "title", "deadline", "note"
REPEAT, REMINDERS = "repeat", "remind_before"


def task_of(
    *, repeat: str | None = None, remind_before: str | None = None, **others: Any
) -> AddTask:
    """Return the command for what was answered."""
    return AddTask(repeat=repeat_of(repeat), remind_before=reminders_of(remind_before), **others)


NEW_TASK = Form(
    name="calendar.new_task",
    command=AddTask,
    fields=(
        Text(name=TITLE, label=screens.title_label, question=screens.ask_title),
        Moment(name=DEADLINE, label=screens.deadline_label, question=screens.ask_deadline),
        Moment(
            name="starts",
            label=screens.starts_label,
            question=screens.ask_start,
            near=DEADLINE,
            optional=True,
        ),
        Text(
            name=NOTE,
            label=screens.task_note_label,
            question=screens.ask_task_note,
            lines=True,
            optional=True,
        ),
        Repeats(
            name=REPEAT,
            label=screens.repeat_label,
            question=screens.ask_repeat,
            near=DEADLINE,
            optional=True,
        ),
        Reminders(
            name=REMINDERS,
            label=screens.remind_before_label,
            question=screens.ask_reminders,
            optional=True,
            of_settings=False,
        ),
    ),
    build=task_of,
    done=TaskAdded,
    home=FRONT_DOOR.home,
)


def build_router() -> aiogram.Router:
    """Return the router for all ways to a new task but unasked words."""
    router = aiogram.Router(name="calendar, adding")
    router.message.register(add_in_one_line, Command("new"))
    router.callback_query.register(begin, NewTaskButton.filter())
    router.callback_query.register(make_task, MakeTaskButton.filter())
    return router


def build_unasked_router() -> aiogram.Router:
    """Return the router for words that nobody else knows what to do with."""
    router = aiogram.Router(name="calendar, unasked")
    router.message.register(offer_task, F.text & ~F.text.startswith("/"), _outside_of_forms)
    return router


async def begin(_: CallbackQuery, conversation: Conversation) -> None:
    filling = await forms.open_form(NEW_TASK, conversation, time_zone=conversation.person.time_zone)
    if filling:
        await _know_reminders(filling)
        await filling.go_on()


async def add_in_one_line(
    message: Message, command: CommandObject, conversation: Conversation
) -> None:
    """Add a task of the words behind the command; what is missing there is asked for."""
    await _add(command.args or "", message, conversation)


async def offer_task(message: Message, conversation: Conversation) -> None:
    """Ask whoever writes outside of all forms whether that shall be a task."""
    await conversation.show(screens.offer_task(message.text or "", conversation.say))


async def make_task(press: CallbackQuery, conversation: Conversation) -> None:
    """Add a task of the words that were offered: they stand in the message itself."""
    message = press.message
    offered = message.text if isinstance(message, Message) else None
    text = (offered or "").partition(screens.OFFER_ENDS)[2]
    if isinstance(message, Message) and text:
        await _add(text, message, conversation, _offer_id(message, conversation))
    else:
        await conversation.toast(errors.button_outdated(conversation.say))


async def _add(text: str, message: Message, conversation: Conversation, form_id: str = "") -> None:
    """Save a task at once if title and deadline are certain, else open the form with the rest."""
    filling = await forms.open_form(NEW_TASK, conversation, time_zone=conversation.person.time_zone)
    if filling is None:
        return
    if form_id:
        filling.store(form_id=form_id)
    split, repeat, note = _understood(text, message.date.astimezone(conversation.now.tzinfo))
    if repeat:
        filling.know(REPEAT, answer_of_repeat(repeat, conversation))
    unfit = _know_words(filling, {TITLE: split.title, NOTE: note})
    certain = _know_deadline(filling, split)
    if certain and split.title and not unfit:
        await filling.submit()
        return
    await _know_reminders(filling)
    if unfit:
        name, reason = unfit
        filling.step(stage="asking", field=name)
        await filling.show(reason)
    elif split.reading and not certain:
        await filling.read_as(DEADLINE, message.model_copy(update={"text": split.written}))
    else:
        await filling.go_on()


def _offer_id(message: Message, conversation: Conversation) -> str:
    """Return the form's id for an offer, the same for each press: two of them make one task."""
    offer = (conversation.app, message.chat.id, message.message_id, message.date.timestamp())
    return f"offer-{blake2s(repr(offer).encode(), digest_size=12).hexdigest()}"


def _understood(text: str, said: datetime) -> tuple[Split, Repeat | None, str]:
    """Return the first line's title and moment, how it repeats, and the note the others are.

    Where the first line is nothing but a moment, the second is the title.
    """
    lines = text.strip().splitlines() or [""]
    line, repeat = split_repeat(lines[0])
    split, rest = split_moment(line, said), lines[1:]
    if rest and not split.title:
        split, rest = replace(split, title=rest[0].strip()), rest[1:]
    return split, repeat, "\n".join(rest).strip()


def _know_words(filling: Filling, words: dict[str, str]) -> tuple[str, str] | None:
    """Note the words by their fields; return the first of these they do not fit, and why not."""
    for name, text in words.items():
        try:
            kept = text and fit(text, AddTask, name, filling.conversation.say, lines=name == NOTE)
        except Unfit as reason:
            return name, str(reason)
        if kept:
            filling.know(name, Answer(kept, kept))
    return None


def _know_deadline(filling: Filling, split: Split) -> bool:
    """Note the deadline if it is certain, and tell whether it is."""
    reading = split.reading
    if reading is None or reading.doubt or not reading.moments:
        return False
    filling.know(DEADLINE, answer_of(reading.moments[0], filling.conversation))
    return True


async def _know_reminders(filling: Filling) -> None:
    """Note how the person is reminded, as long as that can be asked."""
    conversation = filling.conversation
    try:
        settings = await conversation.ask(GetCalendarSettings())
    except QueryUnavailable:
        return  # the settings hold all the same; the review does not tell them
    filling.know(REMINDERS, answer_of_settings(settings.remind_before, conversation))


def _outside_of_forms(_: Message, conversation: Conversation) -> bool:
    # A form that is not known any more has a word of its own, at the front door.
    return forms.unfinished_form(conversation) is None
