"""A bot's front door: its menu, /start, /help, /cancel, and a word for all it does not know."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import get_args

import aiogram
from aiogram.filters import Command, CommandStart
from aiogram.types import CallbackQuery, Message

from contracts.base import Language
from contracts.screens import Screen
from screens import errors
from screens import menu as screens
from screens.forms import AgainButton, FormButton, LeaveButton, SettleButton
from screens.menu import MenuButton
from screens.texts import Texts, texts
from services.bot.conversation import Conversation
from services.bot.forms import unfinished_form


@dataclass(frozen=True, kw_only=True)
class FrontDoor:
    """What one bot says there; `menu` puts its main menu below a text (HTML).

    `welcome_back` returns what somebody the bot knows sees in the place of the greeting, None
    where there is nothing; it does not raise while queries are away.
    """

    greeting: Callable[[Texts], str]
    help_text: Callable[[Texts], str]
    menu: Callable[[Texts, str], Screen]
    welcome_back: Callable[[Conversation], Awaitable[Screen | None]] | None = None

    def build_router(self) -> aiogram.Router:
        """Return a router for the front door; it goes before all others."""
        router = aiogram.Router(name="front door")
        router.message.register(self._start, CommandStart())
        router.message.register(self._help, Command("help"))
        router.message.register(self._cancel, Command("cancel"))
        router.callback_query.register(self._to_menu, MenuButton.filter())
        return router

    def build_fallback(self) -> aiogram.Router:
        """Return a router for all that nobody else knows; it goes after all others."""
        router = aiogram.Router(name="fallback")
        router.callback_query.register(self._lost_form, FormButton.filter())
        for refusal in (AgainButton, SettleButton, LeaveButton):
            router.callback_query.register(self._lost_refusal, refusal.filter())
        router.callback_query.register(self._lost_button)
        router.message.register(self._lost_word)
        return router

    def home(self, conversation: Conversation, text: str) -> Screen:
        """Return the menu below a text."""
        return self.menu(conversation.say, text)

    async def _start(self, message: Message, conversation: Conversation) -> None:
        # Whoever starts anew does not want the next word taken as an answer.
        if unfinished_form(conversation):
            conversation.dialog.clear()
        known = await self.welcome_back(conversation) if self.welcome_back else None
        greeting = self.home(conversation, self.greeting(conversation.say))
        await conversation.show(known or greeting)

    async def _help(self, message: Message, conversation: Conversation) -> None:
        await conversation.show(self.home(conversation, self.help_text(conversation.say)))

    async def _cancel(self, message: Message, conversation: Conversation) -> None:
        word = screens.nothing_to_cancel(conversation.say)
        if unfinished_form(conversation):
            conversation.dialog.clear()
            word = screens.cancelled(conversation.say)
        await conversation.show(self.home(conversation, word))

    async def _to_menu(self, press: CallbackQuery, conversation: Conversation) -> None:
        await conversation.show(self.home(conversation, ""))

    async def _lost_form(self, press: CallbackQuery, conversation: Conversation) -> None:
        _forget_unknown_form(conversation)
        await self._lost_refusal(press, conversation)

    async def _lost_refusal(self, press: CallbackQuery, conversation: Conversation) -> None:
        await conversation.toast(errors.button_outdated(conversation.say))
        await conversation.send(self.home(conversation, screens.form_gone(conversation.say)))

    async def _lost_button(self, press: CallbackQuery, conversation: Conversation) -> None:
        await conversation.toast(errors.button_outdated(conversation.say))
        await conversation.send(self.home(conversation, ""))

    async def _lost_word(self, message: Message, conversation: Conversation) -> None:
        word = screens.not_understood(conversation.say)
        is_command = (message.text or "").startswith("/")
        if not is_command and _forget_unknown_form(conversation):
            word = screens.form_gone(conversation.say)
        await conversation.show(self.home(conversation, word))


def described(commands: Callable[[Texts], dict[str, str]]) -> dict[str, dict[Language, str]]:
    """Return the descriptions of commands by language, for Telegram's own menu."""
    languages: tuple[Language, ...] = get_args(Language)
    return {
        name: {language: commands(texts(language))[name] for language in languages}
        for name in commands(texts("en"))
    }


def _forget_unknown_form(conversation: Conversation) -> bool:
    """Leave an unfinished form that nobody took the update for: there is no such form any more."""
    unknown = unfinished_form(conversation) is not None
    if unknown:
        conversation.dialog.clear()
    return unknown
