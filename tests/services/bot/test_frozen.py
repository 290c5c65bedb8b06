"""A copy that was frozen for longer than the bus waits undoes nothing of what another copy did."""

import pytest

from bus.errors import Forfeited
from bus.topology import ACK_WAIT
from contracts.updates import TelegramUpdate
from services.bot.flood import Taking
from services.bot.memory import Where
from services.told import Told
from tests.services.bot.backstage import APP, Backstage
from tests.services.bot.talking import MENU, Talker

ITS_COMMAND = "a-command"


def where(anna: Talker, update: TelegramUpdate) -> Where:
    """Return where an update stands."""
    return Where(APP, anna.person.id, anna.person.id, f"{APP}-{update.update_id}")


async def dialog(anna: Talker) -> bytes | None:
    """Return what is kept of a chat."""
    kept = await anna.backstage.handling.memory.redis.get(f"dialog:{APP}:{anna.person.id}")
    assert kept is None or isinstance(kept, bytes)
    return kept


async def test_what_another_copy_has_done_is_not_written_again(
    anna: Talker, behind: Backstage
) -> None:
    memory = behind.handling.memory
    await anna.sends("Blood test.pdf")
    await anna.presses("New type")
    await anna.person.says("Medical")
    (update,) = await behind.updates()
    frozen = await memory.read(where(anna, update), Taking(0, 0))
    await behind.handle(update)
    await anna.says("Blood test, May")
    before = await dialog(anna)
    frozen.dialog.clear()
    await memory.write(where(anna, update), frozen.dialog, [ITS_COMMAND])
    assert await dialog(anna) == before is not None
    assert not await Told(memory.redis).already(ITS_COMMAND)
    assert "Saved: Blood test, May" in (await anna.presses("Save")).text


async def test_who_lost_an_update_says_and_writes_nothing(anna: Talker, behind: Backstage) -> None:
    await anna.sends("Blood test.pdf")
    shown, before = await anna.shown(), await dialog(anna)
    await anna.person.says("/cancel")
    (update,) = await behind.updates()
    delivery = behind.delivery(update)
    delivery.beaten_at -= ACK_WAIT + 1
    delivery.beaten()  # as if it beat first when it went on
    with pytest.raises(Forfeited):
        await behind.handling(delivery)
    assert await anna.shown() == shown
    assert await dialog(anna) == before is not None
    await behind.handle(update)
    assert [message.rows for message in (await anna.shown())[len(shown) :]] == [MENU]
