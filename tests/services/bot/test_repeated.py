"""An update that is handled again: nothing that was shown is shown twice, and all goes on."""

import asyncio

import msgspec
import pytest
from redis.exceptions import RedisError

from contracts.updates import TelegramUpdate
from services.bot.forms import FormState
from services.told import Told
from switchboard.local.servers import LocalServers
from tests.bus.waiting import eventually
from tests.services.bot.backstage import Backstage
from tests.services.bot.talking import MENU, Shown, Talker

WITHIN = 60.0


async def newest(behind: Backstage) -> TelegramUpdate:
    """Take the one update that waits."""
    (update,) = await behind.updates()
    return update


async def handle_twice(behind: Backstage, anna: Talker, update: TelegramUpdate) -> None:
    """Handle an update, and again as after a crash right before that was written down."""
    dialog = f"dialog:{update.app}:{anna.person.id}"
    redis = behind.handling.memory.redis
    before = await redis.get(dialog)
    await behind.handle(update)
    await redis.delete(f"done:{update.app}-{update.update_id}", dialog)
    if before is not None:
        await redis.set(dialog, before)
    await behind.handle(update)


async def test_a_message_is_not_sent_again(anna: Talker, behind: Backstage) -> None:
    await anna.person.says("/start")
    await handle_twice(behind, anna, await newest(behind))
    (greeting,) = await anna.shown()
    assert greeting.rows == MENU


async def test_an_edit_is_made_again_and_nothing_is_sent_beside_it(
    anna: Talker, behind: Backstage
) -> None:
    menu = await anna.says("/start")
    for label in ("My documents", "Back"):
        await anna.person.presses(label)
        await handle_twice(behind, anna, await newest(behind))
        (shown,) = await anna.shown()
        assert shown.message_id == menu.message_id
    await anna.sends("Blood test.pdf")
    await anna.names_type("Medical")
    before = await anna.shown()
    await anna.person.presses("Keep")
    await handle_twice(behind, anna, await newest(behind))
    after = await anna.shown()
    assert [shown.message_id for shown in after] == [shown.message_id for shown in before]
    assert "Save" in after[-1].labels


async def test_a_retry_knows_what_was_sent_while_redis_was_away(
    anna: Talker, behind: Backstage, servers: LocalServers
) -> None:
    await anna.person.says("/start")
    update = await newest(behind)
    slow = {"method": "sendMessage", "chat": anna.person.id, "delay": 3}
    async with behind.telegram.post("/sim/faults", json=slow) as response:
        assert response.status == 201
    handling = asyncio.create_task(behind.handle(update))

    async def is_sending() -> bool:
        return not await faults(behind)  # the playground tells nobody that a call has come

    await eventually(is_sending)
    await servers.stop("redis")
    try:
        with pytest.raises(RedisError):
            async with asyncio.timeout(WITHIN):
                await handling
    finally:
        await servers.start("redis")
    assert await behind.handling.memory.redis.exists(f"sent:{update.app}-{update.update_id}") == 0
    await behind.handle(update)
    (greeting,) = await anna.shown()
    assert greeting.rows == MENU


async def faults(behind: Backstage) -> list[object]:
    """Return what shall still go wrong."""
    async with behind.telegram.get("/sim/faults") as response:
        pending: list[object] = (await response.json())["faults"]
        return pending


async def test_files_are_not_sent_again_and_what_was_missing_is(
    anna: Talker, behind: Backstage
) -> None:
    await anna.sends_album("one.pdf", "two.pdf", "three.pdf")
    await anna.names_type("Medical")
    await anna.presses("Keep")
    await anna.presses("Save")
    await anna.says("/documents")
    await anna.presses("Medical (1)")
    before = len(await anna.shown())
    await anna.person.presses("one")
    update = await newest(behind)
    await handle_twice(behind, anna, update)
    shown = (await anna.shown())[before:]
    assert [bool(each.file) for each in shown] == [True, True, True, False]
    cause = f"{update.app}-{update.update_id}"
    await behind.handling.memory.redis.delete(f"done:{cause}")
    # As if it had crashed between the album and what is said below it.
    places = await behind.handling.memory.redis.hgetall(f"sent:{cause}")
    assert sorted(places) == [b"1", b"2"]
    await behind.handling.memory.redis.delete(f"sent:{cause}")
    await behind.handling.memory.redis.hset(f"sent:{cause}", "1", places[b"1"])
    await behind.handle(update)
    again = (await anna.shown())[before:]
    assert [bool(each.file) for each in again] == [True, True, True, False, False]


async def test_a_file_is_not_sent_again(anna: Talker, behind: Backstage) -> None:
    await anna.adds("Blood test")
    await anna.says("/documents")
    await anna.presses("Medical (1)")
    before = len(await anna.shown())
    await anna.person.presses("Blood test")
    await handle_twice(behind, anna, await newest(behind))
    assert [bool(shown.file) for shown in (await anna.shown())[before:]] == [True]


async def test_what_was_said_too_early_is_corrected_in_its_place(
    anna: Talker, behind: Backstage
) -> None:
    await anna.adds("Blood test")
    await anna.finds("Blood test")
    await anna.presses("Rename")
    redis, dialog = behind.handling.memory.redis, f"dialog:documents:{anna.person.id}"
    before = await redis.get(dialog)
    assert isinstance(before, bytes)
    await behind.services.stop("storage")
    try:
        await anna.person.says("Blood test, May")
        update = await newest(behind)
        await behind.handle(update)
        accepted = (await anna.shown())[-1]
        assert "accepted" in accepted.text
    finally:
        await behind.services.start("storage")
    await redis.set(dialog, before)
    await redis.delete(f"done:{update.app}-{update.update_id}")
    await behind.handle(update)
    renamed = (await anna.shown())[-1]
    assert "now called Blood test, May" in renamed.text
    assert renamed.message_id == accepted.message_id


async def test_what_the_notifier_has_told_is_not_told_again_and_the_form_ends(
    anna: Talker, behind: Backstage
) -> None:
    await anna.sends("Blood test.pdf")
    await anna.names_type("Medical")
    await anna.presses("Keep")
    state = await behind.handling.memory.redis.get(f"dialog:documents:{anna.person.id}")
    assert state
    form_id = msgspec.json.decode(state, type=FormState).form_id
    await Told(behind.handling.memory.redis).mark(f"{form_id}-0")
    await anna.presses("Save")
    assert not [shown for shown in await anna.shown() if "Saved" in shown.text]
    assert "did not understand" in (await anna.says("Blood test")).text
    assert (await anna.says("/documents")).labels[0] == "Medical (1)"


async def test_a_refused_new_type_told_by_the_notifier_leaves_the_question_open(
    anna: Talker, behind: Backstage
) -> None:
    await anna.adds("First")
    await anna.sends("Second.pdf")
    await anna.presses("New type")
    await anna.person.says("Medical")
    update = await newest(behind)
    await Told(behind.handling.memory.redis).mark(f"{update.app}-{update.update_id}-1")
    before = len(await anna.shown())
    await behind.handle(update)
    assert len(await anna.shown()) == before
    assert "Name: Second" in (await review_of_another_type(anna)).text


async def review_of_another_type(anna: Talker) -> Shown:
    await anna.says("Dental")
    return await anna.presses("Keep")
