"""The commands that Telegram's menu offers: each bot knows all of its own."""

import importlib

import aiogram
import pytest
from aiogram.filters import Command

from services.bot import people
from services.discovery import bot_apps


@pytest.mark.parametrize("app", bot_apps())
def test_every_command_of_the_menu_is_known(app: str) -> None:
    module = importlib.import_module(f"services.bot.{app}")
    known = {*_commands(people.build_router()), *_commands(module.build_router())}
    assert sorted(set(module.COMMANDS) - known) == []
    assert all(set(words) == {"en", "ru"} for words in module.COMMANDS.values())


def _commands(router: aiogram.Router) -> set[str]:
    """Return the commands that the handlers of a router, and of those in it, wait for."""
    found = set()
    for each in router.chain_tail:
        for handler in each.message.handlers:
            for one in handler.filters or ():
                if isinstance(one.callback, Command):
                    found |= {str(command) for command in one.callback.commands}
    return found
