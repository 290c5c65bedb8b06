"""Lists: a page of what a query finds, turned and chosen from by buttons, edited in place."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Generic, Protocol, TypeVar

import aiogram
from aiogram.types import CallbackQuery

from bus import QueryUnavailable
from contracts.base import Page, Query
from contracts.screens import Screen
from screens import errors
from screens.buttons import PAGE_SIZE, PageButton
from screens.texts import Texts
from services.bot.conversation import Conversation


class Paged(Protocol):
    """A reply that is one page of a list."""

    @property
    def total(self) -> int:
        """How many items all pages have."""


PageT = TypeVar("PageT", bound=Paged)
ButtonT = TypeVar("ButtonT", bound=PageButton)


@dataclass(frozen=True, kw_only=True)
class PagedList(Generic[ButtonT, PageT]):
    """A list whose pages are turned to by `button`.

    `page` is the reply that has items; on any other, what the list belongs to is gone, and
    `parent` is shown, the list that led here. One that shows dates has a `dated_screen`, told the
    person's time zone, in the place of its `screen`.
    """

    button: type[ButtonT]
    page: type[PageT]
    query: Callable[[ButtonT, Page], Query[Any]]
    screen: Callable[[PageT, ButtonT, Texts], Screen] | None = None
    dated_screen: Callable[[PageT, ButtonT, str, Texts], Screen] | None = None
    parent: "PagedList[Any, Any] | None" = None

    def build_router(self) -> aiogram.Router:
        """Return a router for the buttons of the list."""
        router = aiogram.Router(name=f"list of {self.page.__name__}")
        router.callback_query.register(self._turn, self.button.filter())
        return router

    async def show(self, at: ButtonT, conversation: Conversation) -> None:
        """Show the page that a button leads to; the last one, if there are fewer by now."""
        try:
            page = await conversation.ask(self.query(at, Page(offset=at.offset, limit=PAGE_SIZE)))
        except QueryUnavailable:
            await conversation.show(
                errors.cannot_look_up(conversation.say, at.pack(), conversation.code)
            )
            return
        if not isinstance(page, self.page):
            await self._leave(conversation)
        elif 0 < page.total <= at.offset:
            last = (page.total - 1) // PAGE_SIZE * PAGE_SIZE
            await self.show(at.model_copy(update={"offset": last}), conversation)
        else:
            await conversation.show(self._draw(page, at, conversation))

    def _draw(self, page: PageT, at: ButtonT, conversation: Conversation) -> Screen:
        if self.dated_screen:
            zone = conversation.person.time_zone
            return self.dated_screen(page, at, zone, conversation.say)
        if self.screen:
            return self.screen(page, at, conversation.say)
        raise TypeError("a list needs a screen")

    async def _leave(self, conversation: Conversation) -> None:
        await conversation.toast(errors.no_longer_there(conversation.say))
        if self.parent:
            await self.parent.show(self.parent.button(), conversation)

    async def _turn(
        self, press: CallbackQuery, callback_data: ButtonT, conversation: Conversation
    ) -> None:
        await self.show(callback_data, conversation)
