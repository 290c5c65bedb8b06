"""A file that is asked for while `query` is away comes once it is back."""

import msgspec

from bus import Actor, Envelope
from bus.caller import Bus
from contracts.calendar import CalendarNotSent, SendCalendar
from tests.bus.waiting import eventually
from tests.services.bot.backstage import APP, Backstage
from tests.services.bot.talking import Talker

DEADLINE = 60.0


async def test_a_calendar_waits_for_query(anna: Talker, behind: Backstage) -> None:
    person_id = anna.person.id
    cause = Envelope(
        message_id=f"{APP}-{person_id}",
        actor=Actor(person=person_id, app=APP),
        chat=person_id,
        locale="en",
    )
    away = behind.services.retries("files", "files-calendar", "away")
    async with behind.events("event.calendar.calendar_not_sent") as events:
        await behind.services.stop("query")
        try:
            wanted = SendCalendar(app=APP, chat_id=person_id)
            await Bus(behind.handling.wire, cause).send(wanted)

            async def has_tried() -> bool:
                return behind.services.retries("files", "files-calendar", "away") > away

            await eventually(has_tried)
        finally:
            await behind.services.start("query")
        event = await events.next_msg(DEADLINE)
    outcome = msgspec.json.decode(event.data, type=CalendarNotSent)
    assert outcome == CalendarNotSent(person_id=person_id, reason="nothing")
