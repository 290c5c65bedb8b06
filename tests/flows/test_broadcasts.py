"""Mailings told as chats: made by an administrator, got by people of two other bots."""

import asyncpg
import pytest_asyncio

from tests.chat import Chat
from tests.flows.conftest import MeetPerson
from tests.flows.mailings import (
    ADMIN_ID,
    adds_picture_and_button,
    assert_is_mailing,
    at,
    drafts,
    has_reports,
    is_noted,
    is_told_what_fits_below_a_file,
    let_it_begin,
    look_after,
    newest_mailing,
    schedules_by_own_clocks,
    sends,
    sends_list,
    starts,
)

TEXT = 'Hello, <b>dear</b> reader &amp; <a href="https://example.org/all">friend</a>'


@pytest_asyncio.fixture(loop_scope="session")
async def admin(person: Chat) -> Chat:
    """Whom ADMINS names, in the chat with the broadcasts bot."""
    anna = Chat(person.http, "broadcasts", ADMIN_ID)
    await anna.says("/start")
    await anna.sees_new("Who may send")
    return anna


async def test_a_mailing_with_everything_reaches_the_people_of_two_bots(
    admin: Chat, meet: MeetPerson, database: asyncpg.Connection, picture: bytes
) -> None:
    bob, eve, dan = await meet("en"), at(await meet("ru"), "calendar"), await meet("en")
    for someone in (bob, dan):
        await starts(someone, database)
    await eve.says("/start")
    await eve.sees_new("Настройки")
    await starts(at(dan, "calendar"), database)
    await dan.blocks()

    await drafts(admin, TEXT, [bob, eve, dan])
    card = await admin.sees_new("Would reach: 3 people")
    assert "Kind: News" in card["text"]
    assert "Quiet hours are respected" in card["text"]
    await adds_picture_and_button(admin, picture)
    await admin.presses("Preview")
    shown = await admin.sees_new("Hello, dear reader & friend")
    assert_is_mailing(shown)
    await sends(admin, 3)
    await admin.sees_new("Sent: 3 of 3")
    for someone in (bob, eve, at(dan, "calendar")):
        assert_is_mailing(await someone.sees("Hello, dear reader & friend"))
    assert await dan.count("Hello, dear reader") == 0

    await has_reports(admin, "Hello, dear reader & friend", 3)

    await admin.presses("Edit text")
    await admin.says_html("Sorry: <i>Hello</i> again")
    await admin.sees_new("Shall this text replace what 3 people got?")
    await admin.presses("Yes, edit it")
    await admin.sees_new("Edited: 3 of 3")
    edited = await bob.sees("Sorry: Hello again")
    assert (edited["file"]["kind"], edited["entities"][0]["type"]) == ("photo", "italic")
    await admin.presses("Delete for everyone")
    await admin.sees_new("from the chats of 3 people?")
    await admin.presses("Yes, delete it")
    await admin.sees_new("Deleted: 3 of 3")
    for someone in (bob, eve, at(dan, "calendar")):
        assert await someone.count("Sorry") == 0


async def test_who_opted_out_or_blocked_the_bot_is_left_out_until_they_return(
    admin: Chat, meet: MeetPerson, database: asyncpg.Connection
) -> None:
    bob, eve, dan = await meet("en"), await meet("en"), await meet("en")
    for someone in (bob, eve, dan):
        await starts(someone, database)
    await drafts(admin, "first", [bob, eve, dan])
    await sends(admin, 3)
    await bob.sees("first")
    await bob.presses("No more news")
    await bob.sees_new("None of our bots will send you news any more")
    await eve.blocks()
    await is_noted("unreachable = 'blocked'", eve, database)

    await drafts(admin, "second", [bob, eve, dan])
    await admin.presses("Audience")
    counted = await admin.sees_new("Opted out of this kind: 1")
    assert "Would reach: 1 person" in counted["text"]
    assert "Blocked these bots: 1" in counted["text"]
    await admin.presses("Back")
    await admin.sees_new("Preview")
    await sends(admin, 1)
    await dan.sees("second")

    await eve.unblocks()
    await eve.says("/start")
    await is_noted("unreachable IS NULL", eve, database)
    await drafts(admin, "third", [bob, eve, dan], kind="Offers")
    await sends(admin, 3)
    for someone in (bob, eve, dan):
        await someone.sees("third")
    assert (await bob.count("second"), await eve.count("second")) == (0, 0)


async def test_a_mailing_by_everybodys_clock_is_scheduled_held_resumed_and_cancelled(
    admin: Chat, meet: MeetPerson, database: asyncpg.Connection
) -> None:
    here, there = await meet("en"), await meet("en")
    for someone in (here, there):
        await starts(someone, database)
    await there.says("/settings")
    await there.presses("Time zone")
    await there.says("Asia/Tokyo")
    await there.sees_new("Asia/Tokyo")
    await drafts(admin, "good morning", [here, there])
    await schedules_by_own_clocks(admin)
    mailing = await newest_mailing(database)
    await let_it_begin(mailing, database)
    await admin.sees_new("Left: 2")
    due = await database.fetch(
        "SELECT person_id, due_at FROM mailing_recipients WHERE mailing_id = $1 ORDER BY due_at",
        mailing,
    )
    assert [row["person_id"] for row in due] == [there.person_id, here.person_id]
    assert (due[1]["due_at"] - due[0]["due_at"]).total_seconds() == 9 * 3600

    await admin.presses("Pause")
    await admin.sees_new("Paused. Waiting: 2 people")
    await admin.presses("Resume")
    await admin.sees_new("It goes on. Left: 2 people")
    now = "UPDATE mailing_recipients SET due_at = now() WHERE mailing_id = $1 AND person_id = $2"
    await database.execute(now, mailing, there.person_id)
    await look_after(mailing, database)
    await there.sees("good morning")
    await admin.sees_new("Sent: 1 of 2")
    await admin.presses("Cancel mailing")
    await admin.sees_new("1 person will not get it then")
    await admin.presses("Yes, cancel it")
    await admin.sees_new("Cancelled. Will not get it: 1 person")
    assert await here.count("good morning") == 0


async def test_a_picture_with_a_text_below_it_begins_a_mailing(admin: Chat, picture: bytes) -> None:
    await admin.sends(picture, "picture.png", kind="photo")
    await admin.sees_new("What kind of mailing is it?")
    await admin.presses("Offers")
    await admin.sees_new("Picture: ")


async def test_a_draft_is_made_step_by_step_and_nothing_typed_is_lost(
    admin: Chat, meet: MeetPerson, database: asyncpg.Connection, picture: bytes
) -> None:
    bob, eve = await meet("en"), await meet("en")
    for someone in (bob, eve):
        await starts(someone, database)
    await admin.presses("New mailing")
    await admin.sees_new("Send me the text")
    await admin.says("x" * 4000)
    await admin.sees_new("What kind of mailing is it?")
    await admin.presses("Back")
    await admin.sees_new("Send me the text")
    await admin.presses("Keep")
    await admin.presses("Surveys")
    await admin.sees_new("Kind: Surveys")
    await is_told_what_fits_below_a_file(admin, picture)
    await admin.presses("Audience")
    await sends_list(admin, bob, eve)
    await admin.presses("Active within…")
    await admin.says("30")
    await admin.sees_new("Active within 30 days")
    await admin.presses("Русский (0)")
    await admin.sees_new("Would reach: 0 people")
    await admin.presses("Back")
    await admin.sees_new("Preview")
    await admin.presses("Start")
    await admin.sees_toast("Nobody would get it")

    await admin.says("/mailings")
    await admin.sees_new("Mailings: 1 to")
    await admin.presses("✎ short")
    await admin.sees_new("Would reach: 0 people")
    await admin.presses("Delete draft")
    await admin.presses("Yes, delete it")
    await admin.sees_new("The draft is deleted")


async def test_senders_are_let_and_stopped_by_administrators(
    admin: Chat, meet: MeetPerson, database: asyncpg.Connection
) -> None:
    person = await meet("en")
    await starts(person, database)
    helper = at(person, "broadcasts")
    await helper.says("/new")
    await helper.sees_new("Only some people may send mailings here")
    await admin.presses("Who may send")
    await admin.sees_new("Administrators may send mailings")
    await admin.presses("Let somebody send")
    await admin.says("somebody")
    await admin.sees_new("Please send a Telegram id")
    await admin.forwards("hello", helper.person_id)
    await admin.sees_new("is now a sender of mailings")
    await helper.says("/start")
    menu = await helper.sees_new("New mailing")
    assert "Who may send" not in [button["text"] for row in menu["buttons"] for button in row]
    await drafts(helper, "of a helper", [person])
    await helper.says("/senders")
    await helper.sees_new("Only administrators")

    await admin.says("/senders")
    await admin.presses(f"Revoke {helper.person_id}")
    await admin.presses("Yes, revoke")
    await admin.sees_new("is no longer a sender of mailings")
    await helper.presses("Start")
    await helper.sees_new_one_of("Only some people", "You may not send mailings here")
