"""What there is to do, by day: the views, a month, one task; and the schedule at the front door."""

from datetime import date

from aiogram.filters import CommandObject
from aiogram.types import CallbackQuery, Message

from bus import QueryUnavailable
from contracts.base import Page
from contracts.calendar import (
    GetMonth,
    GetTask,
    ListDay,
    ListTasks,
    NoTask,
    Task,
    TaskPage,
)
from contracts.screens import Screen
from screens import calendar as screens
from screens import errors
from screens.buttons import PAGE_SIZE
from screens.calendar import DayButton, MonthButton, TaskButton, View, ViewButton, clock_of
from screens.months import FIRST
from services.bot.conversation import Conversation
from services.bot.lists import PagedList

VIEW_COMMANDS: dict[str, View] = {"today": "today", "week": "week", "all": "all", "done": "done"}

VIEWS = PagedList(
    button=ViewButton,
    page=TaskPage,
    query=lambda at, page: ListTasks(view=at.view, page=page),
    screen=screens.task_list,
)

DAYS = PagedList(
    button=DayButton,
    page=TaskPage,
    query=lambda at, page: ListDay(day=day_of(at), page=page),
    screen=screens.day_list,
)


async def schedule(conversation: Conversation) -> Screen | None:
    """Return today's schedule for whoever has tasks, or had some; None while nobody knows."""
    try:
        today = await conversation.ask(ListTasks(view="today", page=Page(limit=PAGE_SIZE)))
        if not today.total and not await _has_tasks(conversation):
            return None
    except QueryUnavailable:
        return None
    return screens.task_list(today, ViewButton(), conversation.say)


async def show_view(_: Message, command: CommandObject, conversation: Conversation) -> None:
    """Show the view that is called as the command."""
    await VIEWS.show(ViewButton(view=VIEW_COMMANDS[command.command]), conversation)


async def show_this_month(_: Message, conversation: Conversation) -> None:
    await _show_month(MonthButton(), conversation)


async def show_month(
    _: CallbackQuery, callback_data: MonthButton, conversation: Conversation
) -> None:
    await _show_month(callback_data, conversation)


async def show_task(
    _: CallbackQuery, callback_data: TaskButton, conversation: Conversation
) -> None:
    found = await find_task(callback_data, callback_data.pack(), conversation)
    if found:
        await conversation.show(screens.task(found, callback_data, conversation.say))


async def find_task(at: TaskButton, retry: str, conversation: Conversation) -> Task | None:
    """Return what a button is about; None where that was answered already: it is gone, or away.

    `retry` is the action of the button that is pressed to try again.
    """
    occurrence = clock_of(at.occurrence) if at.occurrence else None
    try:
        found = await conversation.ask(GetTask(task_id=at.task_id, occurrence=occurrence))
    except QueryUnavailable:
        await conversation.show(errors.cannot_look_up(conversation.say, retry, conversation.code))
        return None
    match found:
        case Task():
            return found
        case NoTask():
            await conversation.toast(errors.no_longer_there(conversation.say))
            await conversation.show(screens.no_task(at.task_id, found, conversation.say))
            return None


def day_of(at: DayButton) -> date:
    """Return the day that a button is about."""
    return date.fromisoformat(at.day)


async def _has_tasks(conversation: Conversation) -> bool:
    views: tuple[View, ...] = ("all", "done")
    for view in views:
        found = await conversation.ask(ListTasks(view=view, page=Page(limit=1)))
        if found.total:
            return True
    return False


async def _show_month(at: MonthButton, conversation: Conversation) -> None:
    wanted = (at.year, at.month)
    if wanted < FIRST:
        wanted = (conversation.now.year, conversation.now.month)
    try:
        found = await conversation.ask(GetMonth(year=wanted[0], month=wanted[1]))
    except QueryUnavailable:
        retry = at.pack()
        await conversation.show(errors.cannot_look_up(conversation.say, retry, conversation.code))
        return
    await conversation.show(screens.month(found, conversation.say))
