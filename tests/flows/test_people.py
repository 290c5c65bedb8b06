"""Settings and being forgotten, told as a chat with one of the bots."""

import asyncio

from tests.chat import Chat
from tests.flows.conftest import MeetPerson
from tests.flows.test_documents import add


async def test_another_language_is_spoken_at_once_and_from_then_on(person: Chat) -> None:
    await person.says("/settings")
    await person.presses("Русский")
    await person.sees_new("Язык: Русский")
    await person.says("/start")
    await person.sees_new("Добавить документ")


async def test_telegrams_language_is_spoken_until_another_is_chosen(meet: MeetPerson) -> None:
    person = await meet("ru")
    await person.says("/settings")
    await person.sees_new("Europe/Moscow")
    await person.presses("English")
    await person.sees_new("Language: English")


async def test_a_clock_and_what_is_sent_unasked_are_chosen(person: Chat) -> None:
    await person.says("/settings")
    await person.presses("Time zone")
    await person.sees_new("Choose your time zone")
    await person.says("Atlantis/Capital")
    await person.sees_new("I know no city and no time zone")
    await person.says("Санкт-Петербург")
    await person.sees_new("Time zone: Europe/Moscow")
    await person.presses("Time zone")
    await person.shares_location(52.52, 13.40)
    await person.sees_new("Time zone: Europe/Berlin")
    await person.presses("Quiet hours")
    await person.says("22-8")
    await person.sees_new("Quiet hours: 22:00–08:00")
    await person.presses("Back")
    await person.says("/settings")
    shown = await person.sees_new("Europe/Berlin")
    assert "22:00–08:00" in shown["text"]
    await person.presses("Mailings")
    await person.presses("✓ Offers")
    await person.sees_new("None of our bots will send you offers")
    await person.presses("Undo")
    await person.sees_new("✓ Offers")


async def test_whoever_asks_is_forgotten_with_all_they_kept(person: Chat, report: bytes) -> None:
    await add(person, report, "secret.pdf", "Secrets")
    await person.says("/settings")
    await person.presses("Русский")
    await person.sees_new("Язык")
    await person.presses("Забыть меня")
    await person.presses("Да, забыть меня")
    await person.sees_new("Вы забыты")
    # Every app erases when it hears of it: that may be a moment later.
    async with asyncio.timeout(60):
        shown = {"text": ""}
        while "no documents yet" not in shown["text"]:
            await person.says("/documents")
            shown = await person.sees_new("")
