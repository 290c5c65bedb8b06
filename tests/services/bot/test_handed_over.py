"""What Telegram does not take in time is told by the notifier; nothing overtakes it."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import replace
from typing import Any

from nats.js import JetStreamContext
from nats.js.errors import NotFoundError

from bus.connection import connect
from bus.encoding import decode
from contracts.notices import Notice
from services.bot.updates import BUDGET
from services.settings import OperatorSettings, read_settings
from tests.bus.waiting import eventually
from tests.services.bot.backstage import Backstage
from tests.services.bot.talking import MENU, Talker, newcomer

TOLD_WITHIN = 120.0
HELD_UP = {"code": 429, "retry_after": 30, "times": 1000}


@asynccontextmanager
async def trouble(anna: Talker, **fault: Any) -> AsyncIterator[None]:
    """Have Telegram do something to calls for one chat."""
    telegram = anna.backstage.telegram
    order = {"bot": "documents", "chat": anna.person.id, **fault}
    async with telegram.post("/sim/faults", json=order) as response:
        assert response.status == 201, await response.text()
    try:
        yield
    finally:
        async with telegram.delete("/sim/faults") as response:
            assert response.status == 200


async def waiting(anna: Talker) -> list[Notice]:
    """Return the notices that wait for a chat."""
    settings = read_settings(OperatorSettings)
    async with connect(settings.nats_url, "operator", settings.nats_seed_operator) as link:
        stream: JetStreamContext = link.jetstream
        info = await stream.stream_info("NOTICES", subjects_filter="notice.>")
        notices = []
        for sequence in range(max(info.state.first_seq, 1), info.state.last_seq + 1):
            with suppress(NotFoundError):  # what was told is gone
                found = await stream.get_msg("NOTICES", sequence, direct=True)
                assert found.data
                notices.append(decode(Notice, found.data))
    return [notice for notice in notices if notice.chat_id == anna.person.id]


async def none_wait(anna: Talker) -> bool:
    """Tell whether no notice waits for a chat."""
    return not await waiting(anna)


async def has_told(anna: Talker, count: int) -> list[str]:
    """Return the texts of the bot's messages once there are so many."""
    async with asyncio.timeout(TOLD_WITHIN):
        chat = await anna.person.chat()
        while len(texts := [m["text"] for m in chat["messages"] if m["from"] == "bot"]) < count:
            chat = await anna.person.chat(after=chat["revision"])
        return texts


async def shows(anna: Talker, words: str) -> None:
    """Wait until the newest message says something."""
    async with asyncio.timeout(TOLD_WITHIN):
        chat = await anna.person.chat()
        while words not in chat["messages"][-1]["text"]:
            chat = await anna.person.chat(after=chat["revision"])


async def test_what_is_handed_over_is_told_in_order_and_then_all_is_as_before(
    anna: Talker, behind: Backstage
) -> None:
    async with trouble(anna, method="sendMessage", **HELD_UP):
        await anna.person.says("/start")
        for update in await behind.updates():
            await behind.handle(update)
    # Telegram would take these; they must not overtake what is on its way.
    for text in ("/help", "Blood test"):
        await anna.person.says(text)
        for update in await behind.updates():
            await behind.handle(update)
    assert await anna.shown() == []
    assert len(await waiting(anna)) == 3
    await behind.services.start("notifier")
    try:
        first, second, third = await has_told(anna, 3)
        assert "keep" in first
        assert "/documents" in second
        assert "did not understand" in third
    finally:
        await behind.services.stop("notifier")
    assert (await anna.says("/start")).rows == MENU
    assert await waiting(anna) == []


async def test_a_press_is_answered_in_the_place_of_its_message(
    anna: Talker, behind: Backstage
) -> None:
    menu = await anna.says("/start")
    async with trouble(anna, method="editMessageText", **HELD_UP):
        await anna.presses("My documents")
    (notice,) = await waiting(anna)
    assert notice.message_id == menu.message_id
    await behind.services.start("notifier")
    try:
        await shows(anna, "no documents yet")
    finally:
        await behind.services.stop("notifier")
    assert [shown.message_id for shown in await anna.shown()] == [menu.message_id]


async def test_a_form_goes_on_below_a_question_whose_message_is_not_known(
    anna: Talker, behind: Backstage
) -> None:
    async with trouble(anna, method="sendMessage", **HELD_UP):
        await anna.person.uploads_album([("one.pdf", b"one"), ("two.pdf", b"two")])
        for update in await behind.updates():
            await behind.handle(update)
    assert len(await waiting(anna)) == 2
    await behind.services.start("notifier")
    try:
        _, asked = await has_told(anna, 2)
    finally:
        await behind.services.stop("notifier")
    assert "one.pdf, two.pdf" in asked
    await anna.presses("New type")
    assert "Name: one" in (await review(anna)).text


async def test_an_album_comes_as_single_files_once(anna: Talker, behind: Backstage) -> None:
    await anna.sends_album("one.pdf", "two.pdf")
    await anna.names_type("Medical")
    await anna.presses("Keep")
    await anna.presses("Save")
    await anna.says("/documents")
    await anna.presses("Medical (1)")
    before = len(await anna.shown())
    await anna.person.presses("one")
    (update,) = await behind.updates()
    async with trouble(anna, method="sendMediaGroup", **HELD_UP):
        await behind.handle(update)
    await behind.services.start("notifier")
    try:
        await has_told(anna, before + 3)
        await behind.handling.memory.redis.delete(f"done:{update.app}-{update.update_id}")
        await behind.handle(update)
    finally:
        await behind.services.stop("notifier")
    assert (await anna.says("/start")).rows == MENU
    files = [shown.file and shown.file["name"] for shown in (await anna.shown())[before:]]
    assert files == ["one.pdf", "two.pdf", None, None]


async def test_a_call_whose_fate_is_unknown_is_handed_over_and_an_edit_shows_once(
    anna: Talker, behind: Backstage
) -> None:
    menu = await anna.says("/start")
    hurried = replace(behind, handling=replace(behind.handling, budget=BUDGET))
    async with trouble(anna, method="editMessageText", delay=20):
        await Talker(hurried, anna.person).presses("My documents")
    (notice,) = await waiting(anna)
    assert notice.message_id == menu.message_id
    await behind.services.start("notifier")
    try:
        await shows(anna, "no documents yet")
    finally:
        await behind.services.stop("notifier")
    assert len(await anna.shown()) == 1


async def test_a_call_under_way_at_the_end_of_the_time_is_seen_through_and_not_repeated(
    anna: Talker, behind: Backstage
) -> None:
    hurried = replace(behind, handling=replace(behind.handling, budget=BUDGET))
    await anna.person.says("/start")
    (update,) = await behind.updates()
    await behind.services.start("notifier")
    try:
        async with trouble(anna, method="sendMessage", delay=BUDGET + 3):
            await hurried.handle(update)
        assert len(await waiting(anna)) == 1
        assert await anna.shown() == []
        await eventually(lambda: none_wait(anna), within=TOLD_WITHIN)
    finally:
        await behind.services.stop("notifier")
    assert [shown.rows for shown in await anna.shown()] == [MENU]


async def test_no_address_that_is_a_secret_waits_with_an_answer(
    anna: Talker, behind: Backstage
) -> None:
    await anna.adds("X-ray")
    await anna.finds("X-ray")
    asked = await anna.presses("Link")
    async with trouble(anna, method="editMessageText", **HELD_UP):
        await anna.presses("1 day", asked.message_id)
    (notice,) = await waiting(anna)
    assert "could not be shown" in repr(notice)
    assert "http" not in repr(notice)
    await behind.services.start("notifier")
    try:
        await shows(anna, "could not be shown")
    finally:
        await behind.services.stop("notifier")
    assert "/files/" in repr(await anna.presses("Try again"))


async def test_one_chats_trouble_is_not_anothers(anna: Talker, behind: Backstage) -> None:
    boris = await newcomer(behind)
    async with trouble(anna, method="sendMessage", **HELD_UP):
        await anna.person.says("/start")
        await boris.person.says("/start")
        for update in await behind.updates():
            await behind.handle(update)
        assert (await boris.shown())[0].rows == MENU
        assert await anna.shown() == []


async def test_what_was_handed_over_is_so_once_however_often_it_is_handled(
    anna: Talker, behind: Backstage
) -> None:
    redis = behind.handling.memory.redis
    async with trouble(anna, method="sendMessage", **HELD_UP):
        await anna.person.says("/start")
        (update,) = await behind.updates()
        await behind.handle(update)
        await redis.delete(f"done:{update.app}-{update.update_id}")
        await behind.handle(update)
    assert len(await waiting(anna)) == 1
    await behind.services.start("notifier")
    try:
        await has_told(anna, 1)
        await redis.delete(f"done:{update.app}-{update.update_id}")
        await behind.handle(update)
    finally:
        await behind.services.stop("notifier")
    assert (await anna.says("/help")).rows == MENU
    assert len(await anna.shown()) == 2


async def review(anna: Talker) -> Any:
    """Answer what is left to be asked."""
    await anna.says("Medical")
    return await anna.presses("Keep")
