"""Settings, the same in every bot."""

import msgspec

from contracts.people import ReachabilityChanged
from tests.services.bot.backstage import Backstage
from tests.services.bot.talking import MENU, Shown, Talker, newcomer

DEADLINE = 60.0


async def settings(anna: Talker) -> Shown:
    return await anna.says("/settings")


async def test_settings_show_language_zone_and_clock(anna: Talker) -> None:
    shown = await settings(anna)
    assert "Language: English" in shown.text
    assert "Time zone: UTC, where it is " in shown.text
    assert shown.rows == [["English", "Русский"], ["Time zone"], ["Forget me"], ["Back"]]
    assert (await anna.presses("Back")).rows == MENU


async def test_the_answer_to_another_language_is_in_that_language(anna: Talker) -> None:
    await settings(anna)
    changed = await anna.presses("Русский")
    assert "Сохранено" in changed.text
    assert "Часовой пояс" in changed.labels
    assert "Язык: Русский" in (await settings(anna)).text


async def test_people_are_spoken_to_in_their_language_from_the_start(behind: Backstage) -> None:
    boris = await newcomer(behind, "ru")
    assert (await boris.says("/start")).labels == [
        "Добавить документ",
        "Мои документы",
        "Поиск",
        "Корзина",
        "Настройки",
    ]
    assert "Europe/Moscow" in (await boris.says("/settings")).text


async def test_a_zone_is_chosen_from_those_offered(anna: Talker) -> None:
    await settings(anna)
    offered = await anna.presses("Time zone")
    tokyo = next(label for label in offered.labels if label.startswith("Asia/Tokyo · "))
    assert "Time zone: Asia/Tokyo" in (await anna.presses(tokyo)).text
    assert "Asia/Tokyo" in (await settings(anna)).text


async def test_a_zone_can_be_typed(anna: Talker) -> None:
    await settings(anna)
    await anna.presses("Time zone")
    refused = await anna.says("Mars/Phobos")
    assert "I know no time zone Mars/Phobos" in refused.text
    await anna.presses("Another time zone")
    assert "Time zone: Europe/Paris" in (await anna.says("europe/paris")).text


async def test_another_zone_can_be_typed_right_after_a_refused_one(anna: Talker) -> None:
    await settings(anna)
    await anna.presses("Time zone")
    await anna.says("Mars/Phobos")
    assert "Time zone: Europe/Paris" in (await anna.says("europe/paris")).text


async def test_leaving_the_question_for_the_zone_shows_the_settings(anna: Talker) -> None:
    await settings(anna)
    await anna.presses("Time zone")
    left = await anna.presses("Cancel")
    assert "Cancelled" in left.text
    assert "Language: English" in left.text


async def test_changing_the_zone_does_not_lose_a_document_on_its_way(anna: Talker) -> None:
    await anna.sends("Blood test.pdf")
    await settings(anna)
    assert "save or cancel it first" in (await anna.presses("Time zone")).text
    assert (await anna.presses("Continue")).text == "What type of document is it?"


async def test_forgetting_is_asked_first_and_then_done(anna: Talker) -> None:
    await settings(anna)
    await anna.presses("Русский")
    asked = await anna.presses("Забыть меня")
    assert asked.labels == ["Да, забыть меня", "Назад"]
    assert "Вы забыты" in (await anna.presses("Да, забыть меня")).text


async def test_blocking_a_bot_is_noted(anna: Talker, behind: Backstage) -> None:
    await anna.says("/start")
    async with behind.events("event.people.reachability_changed") as events:
        await anna.person.blocks()
        await anna.answer()
        await anna.person.unblocks()
        await anna.answer()
        noted = [await events.next_msg(DEADLINE) for _ in range(2)]
    assert [msgspec.json.decode(event.data, type=ReachabilityChanged) for event in noted] == [
        ReachabilityChanged(person_id=anna.person.id, app="documents", blocked=blocked)
        for blocked in (True, False)
    ]
    assert len(await anna.shown()) == 1
