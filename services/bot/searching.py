"""Searching, as every bot has it: a question for the words, and pages of what was found."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Generic

import aiogram
from aiogram.filters import Command, CommandObject
from aiogram.types import CallbackQuery, Message

from contracts.base import Page, Query
from contracts.screens import Screen
from screens import errors
from screens.searching import FoundButton, SearchButton, words_label
from screens.texts import Texts
from services.bot import forms
from services.bot.conversation import Conversation
from services.bot.forms import Form, FormState, Text, Unfit, fit
from services.bot.forms.fields import Caption
from services.bot.lists import PagedList, PageT

WORDS = "words"


@dataclass(frozen=True, kw_only=True)
class Search(Generic[PageT]):
    """How one bot is searched.

    `query` takes `words` and a `page` of what has them, and is answered by a `found`, which
    `screen` shows below the words; `name` is what the dialog slot remembers the question by.
    """

    name: str
    query: type[Query[Any]]
    found: type[PageT]
    screen: Callable[[PageT, FoundButton, str, Texts], Screen]
    question: Caption
    home: Callable[[Conversation, str], Screen]

    def build_router(self) -> aiogram.Router:
        """Return a router for /search, its question, and the buttons of what was found."""
        router = aiogram.Router(name="search")
        router.include_router(forms.build_router(self._form))
        router.message.register(self._search, Command("search"))
        router.callback_query.register(self._ask_words, SearchButton.filter())
        router.callback_query.register(self._turn_page, FoundButton.filter())
        return router

    @cached_property
    def _form(self) -> Form:
        return Form(
            name=self.name,
            command=self.query,
            fields=(Text(name=WORDS, label=words_label, question=self.question),),
            home=self.home,
            review=False,
            answer=self._show_found,
        )

    async def _show_found(self, query: Query[Any], conversation: Conversation) -> None:
        """Show the first page; the words stay in the dialog, from where later pages have them."""
        state = conversation.dialog.read(FormState)
        if state:
            await self._list(state).show(FoundButton(form_id=state.form_id), conversation)

    async def _ask_words(self, _: CallbackQuery, conversation: Conversation) -> None:
        await self._begin(conversation)

    async def _search(
        self, message: Message, command: CommandObject, conversation: Conversation
    ) -> None:
        """Search for the words behind the command, or ask for some."""
        await self._begin(conversation, command.args or "")

    async def _turn_page(
        self, press: CallbackQuery, callback_data: FoundButton, conversation: Conversation
    ) -> None:
        """Turn to another page, unless something else has begun and the words are forgotten."""
        state = conversation.dialog.read(FormState)
        if state and state.form_id == callback_data.form_id and WORDS in state.answers:
            await self._list(state).show(callback_data, conversation)
            return
        await conversation.toast(errors.button_outdated(conversation.say))
        if not forms.unfinished_form(conversation):
            await self._begin(conversation)

    async def _begin(self, conversation: Conversation, words: str = "") -> None:
        unfinished = forms.unfinished_form(conversation)
        if unfinished and unfinished.form == self.name:
            conversation.dialog.clear()
        try:
            known = {WORDS: fit(words, self.query, WORDS, conversation.say)} if words else {}
        except Unfit as reason:
            filling = await forms.open_form(self._form, conversation)
            if filling:
                await filling.show(str(reason))
            return
        await forms.start(self._form, conversation, **known)

    def _list(self, state: FormState) -> PagedList[FoundButton, PageT]:
        words = str(state.answers[WORDS].value)

        def query(at: FoundButton, page: Page) -> Query[Any]:
            return self.query(**{WORDS: words, "page": page})

        def screen(page: PageT, at: FoundButton, say: Texts) -> Screen:
            return self.screen(page, at, words, say)

        return PagedList(button=FoundButton, page=self.found, query=query, screen=screen)
