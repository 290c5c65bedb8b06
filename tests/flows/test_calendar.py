"""The calendar bot as a chat."""

from dataclasses import replace

from tests.chat import Chat


async def test_a_newcomer_is_greeted(person: Chat) -> None:
    chat = replace(person, app="calendar")
    await chat.says("/start")
    await chat.sees("Hello!")
