"""The front door, and what a bot says when it does not know what is meant."""

import pytest

from services.bot.documents import COMMANDS
from tests.services.bot.talking import MENU, Talker
from tests.services.playground.pictures import png


async def test_start_greets_whatever_the_link_carries(anna: Talker) -> None:
    shown = await anna.says("/start from-some-link")
    assert "Hello!" in shown.text
    assert shown.rows == MENU


async def test_help_names_the_commands(anna: Talker) -> None:
    shown = await anna.says("/help")
    assert "/documents" in shown.text
    assert shown.rows == MENU


@pytest.mark.parametrize("command", COMMANDS)
async def test_every_command_of_the_menu_is_known(anna: Talker, command: str) -> None:
    assert "did not understand" not in (await anna.says(f"/{command}")).text


def test_commands_are_described_in_both_languages() -> None:
    assert COMMANDS["add"] == {"en": "Add a document", "ru": "Добавить документ"}


async def test_cancel_says_whether_there_was_something_to_leave(anna: Talker) -> None:
    assert "nothing to cancel" in (await anna.says("/cancel")).text
    await anna.sends("Blood test.pdf")
    cancelled = await anna.says("/cancel")
    assert "Cancelled" in cancelled.text
    assert cancelled.rows == MENU
    assert "did not understand" in (await anna.says("Medical")).text


async def test_commands_win_over_forms(anna: Talker) -> None:
    await anna.sends("Blood test.pdf")
    await anna.presses("New type")
    assert "/documents" in (await anna.says("/help")).text
    assert "did not understand" in (await anna.says("/nonsense")).text
    assert "What shall it be called?" in (await anna.says("Medical")).text


async def test_start_begins_anew(anna: Talker) -> None:
    await anna.sends("Blood test.pdf")
    await anna.presses("New type")
    await anna.says("/start")
    hint = await anna.says("Medical")
    assert "did not understand" in hint.text
    assert hint.rows == MENU


async def test_pictures_are_welcome_at_any_time(anna: Talker) -> None:
    assert "What type" in (await anna.sends("a.png", png(4, 4), kind="photo")).text
