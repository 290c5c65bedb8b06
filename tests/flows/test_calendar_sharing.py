"""The calendar in other programs: as a file in the chat, and under an address."""

import re

from tests.chat import Chat, Shown
from tests.flows.calendars import in_calendar
from tests.flows.links import opened


async def test_the_calendar_is_sent_as_a_file_and_subscribed_to(person: Chat) -> None:
    person = in_calendar(person)
    await person.says("/export")
    await person.sees_new("you have no open tasks")
    await person.says("/new tomorrow 14:00 call mom")
    await person.sees_new("Added: call mom")
    await person.says("/export")
    shown = await person.sees_new("1 open task. Open the file")
    assert shown["file"]["name"].endswith(".ics")
    assert b"SUMMARY:call mom" in await person.receives(shown["file"]["name"])

    await person.says("/subscribe")
    await person.sees_new("You have none yet")
    await person.presses("Create address")
    address = the_address(await person.sees_new("Keep it secret"))
    response, body = await opened(address)
    assert (response.status, response.content_type) == (200, "text/calendar")
    assert b"SUMMARY:call mom" in body
    await person.presses("Revoke")
    await person.sees_new("Shall the address work no more?")
    await person.presses("Back")
    assert the_address(await person.sees_new("Keep it secret")) == address
    await person.presses("Revoke")
    await person.presses("Yes, revoke it")
    await person.sees_new("The address works no more")
    assert (await opened(address))[0].status == 410
    await person.says("/subscribe")
    await person.presses("Create address")
    assert the_address(await person.sees_new("Keep it secret")) != address


def the_address(shown: Shown) -> str:
    """Return the address that a message shows."""
    (found,) = re.findall(r"https?://\S+/calendar/\S+\.ics", shown["text"])
    return str(found)
