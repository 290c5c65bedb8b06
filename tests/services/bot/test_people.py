"""Settings, the same in every bot."""

from functools import partial

import msgspec
import pytest

from contracts.people import QuietHours, ReachabilityChanged
from screens.people import OptOutButton
from services.bot.people import expect_back_on_reachability_changed
from services.bot.people.hours import read_hours
from tests.services.bot.backstage import Backstage
from tests.services.bot.talking import MENU, Shown, Talker, newcomer

DEADLINE = 60.0


async def settings(anna: Talker) -> Shown:
    return await anna.says("/settings")


async def test_settings_show_language_zone_and_clock(anna: Talker) -> None:
    shown = await settings(anna)
    assert "Language: English" in shown.text
    assert "Time zone: UTC, where it is " in shown.text
    assert "Quiet hours: none" in shown.text
    assert shown.rows == [
        ["English", "Русский"],
        ["Time zone", "Quiet hours"],
        ["Mailings"],
        ["Forget me"],
        ["Back"],
    ]
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


@pytest.mark.parametrize(
    ("typed", "zone"),
    [
        ("europe/paris", "Europe/Paris"),
        ("America/New York", "America/New_York"),
        ("казань", "Europe/Moscow"),
        ("МЮНХЕН", "Europe/Berlin"),
        ("Ростов на Дону", "Europe/Moscow"),
        ("Орел", "Europe/Moscow"),
        ("Orël", "Europe/Moscow"),
    ],
)
async def test_a_zone_or_a_city_can_be_typed(anna: Talker, typed: str, zone: str) -> None:
    await settings(anna)
    await anna.presses("Time zone")
    assert f"Time zone: {zone}" in (await anna.says(typed)).text


async def test_of_several_cities_of_one_name_one_is_chosen(anna: Talker) -> None:
    await settings(anna)
    await anna.presses("Time zone")
    unknown = await anna.says("Mars/Phobos")
    assert "I know no city and no time zone Mars/Phobos" in unknown.text
    several = await anna.says("Springfield")
    assert "several places named Springfield" in several.text
    labels = [label.partition(" · ")[0] for label in several.labels]
    assert labels[:3] == [f"Springfield, {state}, United States" for state in ("MO", "MA", "IL")]
    changed = await anna.presses(several.labels[1])
    assert "Time zone: America/New_York" in changed.text


async def test_a_zone_is_found_by_a_shared_location(anna: Talker) -> None:
    await settings(anna)
    await anna.presses("Time zone")
    refused = await anna.sends("map.pdf")
    assert "save or cancel it first" in refused.text
    await anna.presses("Continue")
    changed = await anna.shares_location(55.79, 49.12)
    assert "Time zone: Europe/Moscow" in changed.text


async def test_quiet_hours_are_chosen_typed_and_given_up(anna: Talker) -> None:
    await settings(anna)
    asked = await anna.presses("Quiet hours")
    assert asked.labels[0] == "22:00–07:00"
    assert "Quiet hours: 22:00–07:00" in (await anna.presses("22:00–07:00")).text
    await anna.presses("Quiet hours")
    unread = await anna.says("at night")
    assert "I cannot read that as hours" in unread.text
    assert "Quiet hours: 23:30–08:00" in (await anna.says("23:30 - 8")).text
    assert "Quiet hours: 23:30–08:00" in (await settings(anna)).text
    await anna.presses("Quiet hours")
    assert "Quiet hours: none" in (await anna.presses("None")).text


@pytest.mark.parametrize(
    ("typed", "begins", "ends"),
    [
        ("22-8", "22:00", "08:00"),
        ("22:00-07:30", "22:00", "07:30"),
        ("22.30 – 7", "22:30", "07:00"),
        ("с 23 до 24", "23:00", "00:00"),
        ("from 9 to 17:05", "09:00", "17:05"),
    ],
)
def test_hours_are_read_as_people_write_them(typed: str, begins: str, ends: str) -> None:
    assert read_hours(typed) == QuietHours(begins=begins, ends=ends)


@pytest.mark.parametrize("typed", ["", "22", "8-8", "0-24", "25-7", "22:60-7", "24:30-7", "22-7-8"])
def test_what_are_no_hours_is_not_taken_for_some(typed: str) -> None:
    assert read_hours(typed) is None


async def test_mailings_are_refused_from_the_message_and_wanted_again(anna: Talker) -> None:
    mailing = await anna.says("/start")
    out = await anna.presses_by_hand(OptOutButton(category="offers").pack())
    assert "None of our bots will send you offers" in out.text
    assert (await anna.shown())[-2] == mailing
    again = await anna.presses("Undo")
    assert "Our bots may send you offers" in again.text
    await settings(anna)
    shown = await anna.presses("Mailings")
    assert shown.labels == ["✓ News", "✓ Offers", "✓ Surveys", "Back"]
    assert "✗ Surveys" in (await anna.presses("✓ Surveys")).labels
    await anna.presses("Back")
    assert "✗ Surveys" in (await anna.presses("Mailings")).labels


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


async def test_blocking_a_bot_is_noted_and_writing_again_is_the_end_of_it(
    anna: Talker, behind: Backstage
) -> None:
    await anna.says("/start")
    async with behind.events("event.people.reachability_changed") as events:

        async def noted() -> ReachabilityChanged:
            event = await events.next_msg(DEADLINE)
            noted = msgspec.json.decode(event.data, type=ReachabilityChanged)
            return msgspec.structs.replace(noted, changed_at=None)

        changed = partial(ReachabilityChanged, person_id=anna.person.id, app="documents")
        await anna.person.blocks()
        await anna.answer()
        assert await noted() == changed(blocked=True, reason="blocked")
        await anna.person.unblocks()
        await anna.answer()
        assert await noted() == changed(blocked=False, reason="unblocked")

        # Of an account that is gone nobody is told when it is back, so that writing has to do.
        memory = behind.handling.memory
        unreachable = changed(blocked=True, reason="deactivated")
        await expect_back_on_reachability_changed(unreachable, memory)
        await anna.person.blocks()
        await anna.answer()
        assert await noted() == changed(blocked=True, reason="blocked")
        await anna.person.unblocks()
        await behind.updates()
        await anna.says("/start")
        assert await noted() == changed(blocked=False, reason="unblocked")
    assert len(await anna.shown()) == 2
