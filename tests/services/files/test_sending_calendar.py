"""A calendar is written down and sent to the chat of its person."""

import pytest
from icalendar import Calendar

from bus import Actor, Envelope, QueryUnavailable
from contracts.calendar import CalendarNotSent, CalendarSent, SendCalendar
from services.files.asking import Questions
from services.files.calendar import send_calendar
from telegram_api.client import Bots
from tests.services.files.links import ANNA, Known
from tests.services.files.test_ics import task
from tests.telegram_api.peer import Peer

ANNAS = Actor(person=ANNA, app="documents")
WANTED = SendCalendar(app="documents", chat_id=ANNA)
CAUSE = Envelope(message_id="documents-7-1", actor=ANNAS, chat=ANNA, locale="en")


async def test_all_tasks_of_a_person_come_as_one_file(
    known: Known, questions: Questions, bots: Bots, peer: Peer
) -> None:
    known.calendars = {ANNA: [task(number) for number in range(1, 6)], 1002: [task(9)]}
    sent = await send_calendar(WANTED, ANNAS, CAUSE, questions, bots)
    assert sent == CalendarSent(person_id=ANNA, tasks=5)
    message = (await peer.messages())[-1]
    assert message["file"]["name"] == "calendar.ics"
    assert "5 открытых задач" in message["text"]
    found = Calendar.from_ical(await peer.downloads(message["id"]))
    assert len(found.walk("VEVENT")) == 5


async def test_why_no_file_comes_is_told(
    known: Known, questions: Questions, bots: Bots, peer: Peer
) -> None:
    nothing = await send_calendar(WANTED, ANNAS, CAUSE, questions, bots)
    assert nothing == CalendarNotSent(person_id=ANNA, reason="nothing")
    known.calendars = {ANNA: [task()]}
    await peer.blocks()
    blocked = await send_calendar(WANTED, ANNAS, CAUSE, questions, bots)
    assert blocked == CalendarNotSent(person_id=ANNA, reason="unreachable")


async def test_without_query_a_calendar_waits(questions: Questions, bots: Bots) -> None:
    with pytest.raises(QueryUnavailable):
        await send_calendar(WANTED, ANNAS, CAUSE, questions, bots)
