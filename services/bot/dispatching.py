"""Which of aiogram's handlers an update is for, found without asking them all.

aiogram asks router after router. Here the handlers of all routers stand in one row, in the same
order; of a pressed button only those are asked that wait for its prefix, or for any button.
"""

from collections.abc import Iterator, Sequence
from copy import copy
from typing import Any

import aiogram
from aiogram import Bot
from aiogram.dispatcher.event.handler import FilterObject, HandlerObject
from aiogram.filters.callback_data import CallbackQueryFilter
from aiogram.types import Update

from services.bot.conversation import Conversation

Handlers = Sequence[HandlerObject]

SEPARATOR = ":"
"""What follows the prefix of a button."""


class Dispatch:
    """The handlers of one bot; what aiogram's middlewares do is done elsewhere, or not needed."""

    def __init__(self, *routers: aiogram.Router) -> None:
        self._messages = _handlers(routers, "message")
        self._memberships = _handlers(routers, "my_chat_member")
        presses = _handlers(routers, "callback_query")
        prefixes = {prefix for handler in presses if (prefix := _prefix_of(handler))}
        self._presses = {
            prefix: [each for each in presses if _prefix_of(each) in {prefix, ""}]
            for prefix in (*prefixes, "")
        }

    async def __call__(self, update: Update, bot: Bot, conversation: Conversation) -> None:
        """Let the first handler that an update fits answer it; without one nothing happens."""
        event = update.message or update.callback_query or update.my_chat_member
        if event is None:
            return
        for handler in self._for(update):
            fits, given = await handler.check(event, bot=bot, conversation=conversation)
            if fits:
                await handler.call(event, **given)
                return

    def _for(self, update: Update) -> Handlers:
        if update.message:
            return self._messages
        if update.callback_query:
            prefix = (update.callback_query.data or "").partition(SEPARATOR)[0]
            return self._presses.get(prefix, self._presses[""])
        return self._memberships


def _handlers(routers: Sequence[aiogram.Router], kind: str) -> Handlers:
    return [handler for router in routers for handler in _walk(router, kind)]


def _walk(
    router: aiogram.Router, kind: str, outer: Sequence[FilterObject] = ()
) -> Iterator[HandlerObject]:
    """Yield handlers in aiogram's order, each with the filters of the routers around it, too."""
    observer = router.observers[kind]
    around = [*outer, *(observer._handler.filters or ())]  # aiogram has no name for a router's own
    for each in observer.handlers:
        filters = [_asked_at_once(wanted) for wanted in (*around, *(each.filters or ()))]
        yield HandlerObject(each.callback, filters=filters)
    for inner in router.sub_routers:
        yield from _walk(inner, kind, around)


def _asked_at_once(wanted: FilterObject) -> FilterObject:
    """Return a filter that is asked where it is: aiogram asks one that is no coroutine in a thread.

    That would take longer than any of ours does: they look at what is there already.
    """
    if wanted.awaitable:
        return wanted
    look = wanted.callback

    async def ask(*given: Any, **named: Any) -> Any:
        return look(*given, **named)

    asked = copy(wanted)  # with the names of its parameters
    asked.callback, asked.awaitable = ask, True
    return asked


def _prefix_of(handler: HandlerObject) -> str:
    """Return the prefix of the buttons that a handler waits for; none where it takes any."""
    for wanted in handler.filters or ():
        if isinstance(wanted.callback, CallbackQueryFilter):
            return wanted.callback.callback_data.__prefix__
    return ""
