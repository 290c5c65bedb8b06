"""getUpdates and callbacks, with python-telegram-bot."""

import asyncio
import time
from typing import Any

import aiohttp
import pytest
import telegram
from telegram import error

from tests.services.playground.keyboards import one_button
from tests.services.playground.person import Person


async def test_a_poll_waits_for_what_comes(
    bot: telegram.Bot, anna: Person, http: aiohttp.ClientSession
) -> None:
    poll = asyncio.create_task(bot.get_updates(timeout=50))
    assert await _held(http, poll)
    await anna.says("/start now")
    (update,) = await poll
    assert update.message is not None
    assert update.message.from_user is not None
    assert update.message.from_user.language_code == "en"
    assert update.message.chat.type == "private"
    assert update.message.entities[0].type == "bot_command"


async def _held(http: aiohttp.ClientSession, poll: asyncio.Task[Any]) -> bool:
    """Whether the poll arrived and is not answered at once."""
    async with asyncio.timeout(60):
        while not poll.done():
            async with http.get("/sim/bots") as response:
                bots = (await response.json())["bots"]
            if any(bot["polling"] for bot in bots):
                return True
    return False


async def test_a_poll_ends_when_its_time_is_up(bot: telegram.Bot) -> None:
    started = time.monotonic()
    assert await bot.get_updates(timeout=1) == ()
    assert 0.9 < time.monotonic() - started < 20


async def test_offsets_confirm(bot: telegram.Bot, anna: Person) -> None:
    for text in ("one", "two", "three"):
        await anna.says(text)
    updates = await bot.get_updates()
    ids = [update.update_id for update in updates]
    assert ids == list(range(ids[0], ids[0] + 3))
    assert [u.update_id for u in await bot.get_updates()] == ids, "unconfirmed: again"
    assert [u.update_id for u in await bot.get_updates(offset=ids[1], limit=1)] == [ids[1]]
    assert [u.update_id for u in await bot.get_updates(offset=ids[2] + 1)] == []
    assert [u.update_id for u in await bot.get_updates()] == []


async def test_a_negative_offset_keeps_the_last(bot: telegram.Bot, anna: Person) -> None:
    for text in ("one", "two", "three"):
        await anna.says(text)
    (last,) = await bot.get_updates(offset=-1)
    assert last.message is not None
    assert last.message.text == "three"
    assert len(await bot.get_updates()) == 1


async def test_an_offset_of_another_telegram_confirms_nothing(
    bot: telegram.Bot, anna: Person
) -> None:
    await anna.says("hello")
    assert len(await bot.get_updates(offset=2_000_000_000)) == 1


async def test_allowed_updates_hold_when_an_update_is_made(bot: telegram.Bot, anna: Person) -> None:
    await bot.get_updates(allowed_updates=["callback_query"])
    await anna.says("unheard")
    assert await bot.get_updates() == ()
    await bot.get_updates(allowed_updates=[])
    await anna.says("heard")
    assert len(await bot.get_updates()) == 1


async def test_a_second_poll_ends_the_first(
    bot: telegram.Bot, second_instance: telegram.Bot, anna: Person, http: aiohttp.ClientSession
) -> None:
    first = asyncio.create_task(bot.get_updates(timeout=50))
    assert await _held(http, first)
    second = asyncio.create_task(second_instance.get_updates(timeout=50))
    with pytest.raises(error.Conflict, match="terminated by other getUpdates request"):
        await first
    await anna.says("hello")
    assert len(await second) == 1


async def test_no_polling_beside_a_webhook(bot: telegram.Bot, http: aiohttp.ClientSession) -> None:
    held = asyncio.create_task(bot.get_updates(timeout=50))
    assert await _held(http, held)
    await bot.set_webhook("http://127.0.0.1:9/hook")
    with pytest.raises(error.Conflict, match="terminated by setWebhook request"):
        await held
    with pytest.raises(error.Conflict, match="use deleteWebhook to delete the webhook first"):
        await bot.get_updates()
    await bot.delete_webhook()
    assert await bot.get_updates() == ()


async def test_bots_do_not_see_each_other(
    bot: telegram.Bot, http: aiohttp.ClientSession, anna: Person
) -> None:
    calendar = Person(http, "calendar")
    await calendar.says("to the calendar")
    assert await bot.get_updates() == ()
    assert (await anna.chat())["messages"] == []


async def test_a_press_is_answered_once(bot: telegram.Bot, anna: Person) -> None:
    await anna.says("/start")
    markup = one_button("Go", callback_data="go:1")
    sent = await bot.send_message(anna.id, "Choose", reply_markup=markup)
    await anna.presses("Go")
    query = (await bot.get_updates())[-1].callback_query
    assert query is not None
    assert query.data == "go:1"
    assert query.message is not None
    assert query.message.message_id == sent.message_id
    await query.answer("Done", show_alert=True)
    (answer,) = (await anna.chat())["callback_answers"]
    assert (answer["text"], answer["alert"]) == ("Done", True)
    with pytest.raises(error.BadRequest, match="Query is too old and response timeout expired"):
        await query.answer("Done again")


async def test_blocking_is_told(bot: telegram.Bot, anna: Person) -> None:
    await anna.says("/start")
    await anna.blocks()
    change = (await bot.get_updates())[-1].my_chat_member
    assert change is not None
    assert (change.old_chat_member.status, change.new_chat_member.status) == ("member", "kicked")
