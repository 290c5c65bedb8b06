"""Who goes too fast is told so once; what comes again, and files, take nothing of the rest."""

from dataclasses import replace

from services.bot.flood import Flood
from services.bot.memory import Memory
from tests.services.bot.backstage import Backstage
from tests.services.bot.talking import MENU, Talker, newcomer

SLOW_DOWN = "Please slow down"
NEVER = 0.0001
"""Tokens a second; none comes back during a test."""


def limited(behind: Backstage, burst: int, per_second: float = NEVER) -> Backstage:
    """Return the same bot with other limits."""
    memory = Memory(behind.handling.memory.redis, Flood(burst, per_second))
    return replace(behind, handling=replace(behind.handling, memory=memory))


async def test_one_polite_answer_and_then_silence(behind: Backstage) -> None:
    anna = await newcomer(limited(behind, burst=3))
    for _ in range(3):
        assert (await anna.says("/start")).rows == MENU
    assert SLOW_DOWN in (await anna.says("/start")).text
    for _ in range(3):
        await anna.says("/start")
    assert len(await anna.shown()) == 4


async def test_a_press_is_answered_while_something_is_said(behind: Backstage) -> None:
    anna = await newcomer(limited(behind, burst=1))
    await anna.says("/start")
    assert SLOW_DOWN in (await anna.presses("My documents")).text
    await anna.presses("My documents")
    assert await anna.toasts() == [""]
    assert len(await anna.shown()) == 2


async def test_somebody_else_is_not_slowed_down(behind: Backstage) -> None:
    slow = limited(behind, burst=1)
    anna, boris = await newcomer(slow), await newcomer(slow, "ru")
    await anna.says("/start")
    assert SLOW_DOWN in (await anna.says("/start")).text
    await boris.says("/start")
    assert "медленнее" in (await boris.says("/start")).text


async def test_it_goes_on_once_the_bucket_refills(behind: Backstage) -> None:
    anna = await newcomer(limited(behind, burst=1))
    await anna.says("/start")
    assert SLOW_DOWN in (await anna.says("/start")).text
    quick = Talker(limited(behind, burst=1, per_second=100_000.0), anna.person)
    assert (await quick.says("/start")).rows == MENU
    assert (await quick.says("/start")).rows == MENU


async def test_the_same_update_again_takes_nothing(behind: Backstage) -> None:
    backstage = limited(behind, burst=2)
    anna = await newcomer(backstage)
    await anna.person.says("/start")
    (update,) = await backstage.updates()
    redis = backstage.handling.memory.redis
    for _ in range(5):
        await redis.delete(f"done:{update.app}-{update.update_id}")
        await backstage.handle(update)
    assert (await anna.says("/start")).rows == MENU
    assert SLOW_DOWN in (await anna.says("/start")).text


async def test_a_refused_update_that_comes_again_is_refused_again(behind: Backstage) -> None:
    backstage = limited(behind, burst=1)
    anna = await newcomer(backstage)
    await anna.says("/start")
    await anna.person.says("/documents")
    (update,) = await backstage.updates()
    await backstage.handle(update)
    await backstage.handling.memory.redis.delete(f"done:{update.app}-{update.update_id}")
    await backstage.handle(update)
    assert [SLOW_DOWN in shown.text for shown in await anna.shown()] == [False, True]


async def test_twenty_files_and_their_questions_are_not_too_many(behind: Backstage) -> None:
    backstage = limited(behind, burst=Flood().burst)
    anna = await newcomer(backstage)
    for begin in (0, 10):
        await anna.sends_album(*(f"page {number}.pdf" for number in range(begin, begin + 10)))
    await anna.names_type("Medical")
    await anna.presses("Keep")
    saved = await anna.presses("Save")
    assert "Saved: page 0" in saved.text
    assert not [shown for shown in await anna.shown() if SLOW_DOWN in shown.text]
