"""A person's tasks are sent to their chat, as a file that calendar programs read."""

import asyncio

from aiogram.types import BufferedInputFile

from bus import Actor, Envelope, Router
from contracts.calendar import CalendarNotSent, CalendarSent, ListCalendar, SendCalendar
from screens import calendar as screens
from screens.texts import texts
from services.files import ics
from services.files.asking import Questions
from services.files.ics import Booklet
from telegram_api import show
from telegram_api.client import Bots
from telegram_api.errors import Blocked

router = Router()


@router.handle
async def send_calendar(
    command: SendCalendar, actor: Actor, envelope: Envelope, questions: Questions, bots: Bots
) -> CalendarSent | CalendarNotSent:
    """Ask for all tasks, page by page; a crash after the upload can bring the file twice."""
    page = await questions.ask(ListCalendar(), envelope)
    tasks = [*page.tasks]
    while page.more:
        page = await questions.ask(ListCalendar(after=tasks[-1].task_id), envelope)
        tasks += page.tasks
    if not tasks:
        return CalendarNotSent(person_id=actor.person, reason="nothing")
    say = texts(page.language)
    booklet = Booklet(screens.calendar_name(say), page.time_zone, tasks)
    content = await asyncio.to_thread(ics.written, booklet)
    file = BufferedInputFile(content, filename=ics.FILE_NAME)
    screen = screens.calendar_file(len(tasks), say)
    try:
        await show.upload(bots[command.app], command.chat_id, screen, "document", file)
    except Blocked:
        return CalendarNotSent(person_id=actor.person, reason="unreachable")
    return CalendarSent(person_id=actor.person, tasks=len(tasks))
