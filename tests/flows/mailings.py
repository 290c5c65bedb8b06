"""How an administrator makes mailings in chat, and what a test turns of their clocks."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import asyncpg

from tests.bus.waiting import eventually
from tests.chat import Chat, Shown

ADMIN_ID = 1001
"""The playground's first person, whom a local run has in ADMINS."""


def at(person: Chat, app: str) -> Chat:
    """Return a person's chat with another bot."""
    return replace(person, app=app, _before={})


async def starts(person: Chat, database: asyncpg.Connection) -> None:
    """Write to a bot for the first time, and wait until mailings know of it."""
    await person.says("/start")
    await person.sees_new("Settings")

    await is_noted("true", person, database)


async def is_noted(what: str, person: Chat, database: asyncpg.Connection) -> None:
    """Wait until mailings know something, in SQL, of a person in a bot."""
    known = f"SELECT count(*) FROM broadcast_contacts WHERE person_id = $1 AND app = $2 AND {what}"

    async def is_known() -> bool:
        return bool(await database.fetchval(known, person.person_id, person.app))

    await eventually(is_known)


async def drafts(admin: Chat, text: str, people: Sequence[Chat], kind: str = "News") -> None:
    """Make a draft for these people only; tests of other modules have written to the bots, too."""
    await admin.says("/new")
    await admin.sees_new("Send me the text")
    await admin.says_html(text)
    await admin.sees_new("What kind of mailing is it?")
    await admin.presses(kind)
    await admin.sees_new("Mailing ")
    await admin.presses("Audience")
    await admin.presses("Only a list…")
    await admin.sees_new("Send me Telegram ids")
    await admin.says("\n".join(str(person.person_id) for person in people))
    await admin.sees_new("The list has")
    await admin.presses("Back")
    await admin.sees_new("Preview")


async def adds_picture_and_button(admin: Chat, picture: bytes) -> None:
    """Add them to the draft that is shown; what is no button is asked for again."""
    await admin.presses("Picture or file")
    await admin.sees_new("Send me the picture")
    await admin.sends(picture, "picture.png", kind="photo")
    await admin.sees_new("Picture: ")
    await admin.presses("Buttons")
    await admin.says("no link here\nOur site - ftp://example.org")
    await admin.sees_new("no title and link")
    await admin.says("Our site - https://example.org/")
    await admin.sees_new("Buttons: Our site")


async def is_told_what_fits_below_a_file(admin: Chat, picture: bytes) -> None:
    """Shorten the text of 4000 characters for a file, and keep it when another is too long."""
    await admin.presses("Picture or file")
    await admin.sees_toast("the text has 4000")
    await admin.presses("Text")
    await admin.says("short")
    await admin.sees_new("short")
    await admin.presses("Picture or file")
    await admin.sends(picture, "picture.png")
    await admin.sees_new("File: picture.png")
    await admin.presses("Text")
    await admin.says("y" * 1025)
    await admin.sees_new("has 1025 characters, and Telegram takes 1024 here")
    await admin.presses("Cancel")
    await admin.sees_new("short")


async def sends_list(admin: Chat, first: Chat, second: Chat) -> None:
    """Send a file with somebody and with rows that name nobody, then add somebody else to it."""
    await admin.presses("Only a list…")
    await admin.sees_new("Send me Telegram ids")
    known = first.person_id
    rows = f"name;id\nBob;{known}\nx;seven\nBob;{known}\ny;77000000001\n"
    await admin.sends(rows.encode(), "people.csv")
    report = (await admin.sees_new("The list has 1 person"))["text"]
    assert "row 3: seven is no Telegram id" in report
    assert f"row 4: {known} is named twice" in report
    assert "1 person never wrote to our bots:\n77000000001" in report
    await admin.presses("Add to the list…")
    await admin.sees_new("Send me Telegram ids")
    await admin.says(str(second.person_id))
    await admin.sees_new("The list has 2 people")


async def has_reports(admin: Chat, title: str, reached: int) -> None:
    """Have the chart and the sheet of what was sent."""
    await admin.presses("Statistics")
    await admin.presses("Export XLSX")
    assert (await admin.receives(f"{title}.xlsx")).startswith(b"PK")
    assert (await admin.sees(f"🟩 Reached: {reached}"))["file"]["kind"] == "photo"


async def schedules_by_own_clocks(admin: Chat) -> None:
    """Have the draft that is shown, for two people, go out at a time of their own clocks."""
    await admin.presses("When")
    await admin.sees_new("Goes out as soon as it is started")
    await admin.presses("At a moment…")
    await admin.sees_new("When shall it go out?")
    far = datetime.now(UTC) + timedelta(days=180)
    await admin.says(f"{far:%d.%m.%Y} 18:30")
    assert "own clock" not in (await admin.sees_new(f"{far.day} {far:%b %Y} 18:30"))["text"]
    await admin.presses("By everybody's own clock…")
    await admin.sees_new("by their own clock")
    await admin.says(f"{far:%d.%m.%Y} 08:00")
    await admin.sees_new("by everybody's own clock")
    await admin.presses("✓ Respect quiet hours")
    await admin.sees_new("Quiet hours are not respected")
    await admin.presses("Back")
    await admin.sees_new("Preview")
    await admin.presses("Start")
    await admin.sees_new("Shall it be sent to 2 people when it is time?")
    await admin.presses("Yes, schedule it")
    await admin.sees_new("It is scheduled: 2 people")


async def sends(admin: Chat, people: int) -> None:
    """Start the draft that is shown, which so many get."""
    whom = "1 person" if people == 1 else f"{people} people"
    await admin.presses("Start")
    await admin.sees_new(f"Shall it be sent to {whom}?")
    await admin.presses("Yes, send it")
    await admin.sees_new("It goes out to")


async def newest_mailing(database: asyncpg.Connection) -> int:
    """Return the id of the mailing that was made last."""
    found: int = await database.fetchval("SELECT max(id) FROM mailings")
    return found


async def let_it_begin(mailing_id: int, database: asyncpg.Connection) -> None:
    """Have it be time for a scheduled mailing."""
    moved = "UPDATE mailings SET begins_at = now() WHERE id = $1 AND state = 'scheduled'"
    assert await database.execute(moved, mailing_id) == "UPDATE 1"
    await look_after(mailing_id, database)


async def look_after(mailing_id: int, database: asyncpg.Connection) -> None:
    """Have the clock look after a mailing now."""
    due = "UPDATE scheduled SET due_at = now() WHERE key = $1"
    await database.execute(due, f"broadcasts:continue:{mailing_id}")


def assert_is_mailing(shown: Shown) -> None:
    """Whoever gets the mailing sees its formatting, picture, button, and the way out."""
    assert [entity["type"] for entity in shown["entities"]] == ["bold", "text_link"]
    assert shown["file"]["kind"] == "photo"
    assert shown["buttons"][0][0]["url"] == "https://example.org/"
    assert shown["buttons"][-1][0]["text"] in ("No more news", "Больше не присылать новости")
