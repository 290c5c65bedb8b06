"""Links to files: shown, created for a time, and revoked; the same in every bot that has files."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

import aiogram
from aiogram.types import CallbackQuery
from msgspec.structs import replace

from bus import QueryUnavailable
from contracts.files import (
    CreateLink,
    LinkCreated,
    LinkRefused,
    LinkRevoked,
    ListLinks,
    NoLinks,
    RevokeLink,
    UploadId,
)
from contracts.screens import Screen
from screens import errors, screen_of
from screens import links as screens
from screens.links import LinksButton, NewLinkButton, RevokeButton
from services.bot.conversation import Conversation


@dataclass(frozen=True, kw_only=True)
class Linkable:
    """What links can lead to: its files, and what it is called."""

    title: str
    upload_ids: tuple[UploadId, ...]


@dataclass(frozen=True, kw_only=True)
class Links:
    """The links of one bot.

    `find` returns what a target is, or None where that is no longer there; it may raise
    QueryUnavailable.
    """

    find: Callable[[Conversation, str], Awaitable[Linkable | None]]

    def build_router(self) -> aiogram.Router:
        """Return a router for the buttons of links."""
        router = aiogram.Router(name="links")
        router.callback_query.register(self._list, LinksButton.filter())
        router.callback_query.register(self._create, NewLinkButton.filter())
        router.callback_query.register(self._revoke, RevokeButton.filter())
        return router

    async def _list(
        self, _: CallbackQuery, callback_data: LinksButton, conversation: Conversation
    ) -> None:
        """Send the links as a message of their own: what they lead to keeps its buttons."""
        try:
            screen = await self._draw(callback_data.target, conversation)
        except QueryUnavailable:
            screen = errors.cannot_look_up(
                conversation.say, callback_data.pack(), conversation.code
            )
        if screen:
            await conversation.send(screen, instead=_later(callback_data.target, conversation))

    async def _create(
        self, _: CallbackQuery, callback_data: NewLinkButton, conversation: Conversation
    ) -> None:
        try:
            linkable = await self.find(conversation, callback_data.target)
        except QueryUnavailable:
            retry = callback_data.pack()
            await conversation.show(
                errors.cannot_look_up(conversation.say, retry, conversation.code)
            )
            return
        if linkable is None:
            await conversation.toast(errors.no_longer_there(conversation.say))
            return
        command = CreateLink(
            target=callback_data.target,
            title=linkable.title,
            upload_ids=linkable.upload_ids,
            days=callback_data.days or None,
        )
        outcome = await conversation.execute(command)
        await self._tell(outcome, callback_data.target, conversation)

    async def _revoke(
        self, _: CallbackQuery, callback_data: RevokeButton, conversation: Conversation
    ) -> None:
        outcome = await conversation.execute(RevokeLink(link_id=callback_data.link_id))
        await self._tell(outcome, callback_data.target, conversation)

    async def _tell(
        self,
        outcome: LinkCreated | LinkRevoked | LinkRefused,
        target: str,
        conversation: Conversation,
    ) -> None:
        """Show an outcome above the links there are now; alone while these cannot be had."""
        told = screen_of(outcome, conversation.say)
        assert told is not None, "links are silent about nothing"
        try:
            screen = await self._draw(target, conversation)
        except QueryUnavailable:
            screen = None
        if screen:
            told = replace(screen, text=f"{told.text}\n\n{screen.text}")
        await conversation.tell(told, instead=_later(target, conversation))

    async def _draw(self, target: str, conversation: Conversation) -> Screen | None:
        """Return the list of links, or say why there is none."""
        say = conversation.say
        linkable = await self.find(conversation, target)
        if linkable is None:
            await conversation.toast(errors.no_longer_there(say))
            return None
        found = await conversation.ask(ListLinks(target=target))
        if isinstance(found, NoLinks):
            await conversation.toast(screens.no_links(say), alert=True)
            return None
        zone = conversation.person.time_zone
        return screens.link_list(found, target, linkable.title, zone, say)


def _later(target: str, conversation: Conversation) -> Screen:
    return errors.not_left_waiting(conversation.say, LinksButton(target=target).pack())
