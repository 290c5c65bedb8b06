"""An update goes to the first handler that it fits, in the order of the routers."""

import threading
from typing import Any, cast

import pytest
from aiogram import Bot, F, Router
from aiogram.filters import Command
from aiogram.filters.callback_data import CallbackData
from aiogram.types import CallbackQuery, ChatMemberUpdated, Message, Update

from services.bot.conversation import Conversation
from services.bot.dispatching import Dispatch

BOT = Bot("1000001:AAEdocumentsTokenOfThirtyFiveChars1")
PERSON = {"id": 1, "is_bot": False, "first_name": "Anna"}
CHAT = {"id": 1, "type": "private"}


class One(CallbackData, prefix="one"):
    """A button."""

    number: int


class Two(CallbackData, prefix="two"):
    """Another button."""


def routers(called: list[str]) -> tuple[Router, Router]:
    """Return two routers, the first with one inside, whose handlers say that they were called."""
    outer, inner, last = Router(), Router(), Router()

    def handler(name: str) -> Any:
        async def handle(event: Message | CallbackQuery | ChatMemberUpdated) -> None:
            called.append(name)

        return handle

    outer.include_router(inner)
    inner.callback_query.register(handler("refused"), One.filter(), lambda _, callback_data: False)
    inner.callback_query.register(handler("one"), One.filter(F.number < 10))
    inner.message.register(handler("command"), Command("go"))
    closed, behind = Router(), Router()
    inner.include_router(closed)
    closed.include_router(behind)
    closed.message.filter(F.text.startswith("open"))
    closed.message.register(handler("behind a filter of its router"), F.text.endswith("door"))
    behind.message.register(handler("further behind"), F.text.endswith("window"))
    outer.callback_query.register(handler("marked"), F.data.endswith("!"))
    last.callback_query.register(handler("two"), Two.filter())
    last.callback_query.register(handler("any button"))
    last.message.register(handler("any word"))
    last.my_chat_member.register(handler("membership"))
    return outer, last


def pressed(data: str | None) -> dict[str, Any]:
    return {"callback_query": {"id": "1", "from": PERSON, "chat_instance": "1", "data": data}}


def said(text: str) -> dict[str, Any]:
    return {"message": {"message_id": 1, "date": 0, "chat": CHAT, "from": PERSON, "text": text}}


@pytest.mark.parametrize(
    ("content", "answered_by"),
    [
        (pressed("one:3"), ["one"]),
        (pressed("one:30"), ["any button"]),
        (pressed("one:three"), ["any button"]),
        (pressed("one:3!"), ["marked"]),
        (pressed("two"), ["two"]),
        (pressed("three"), ["any button"]),
        (pressed(None), ["any button"]),
        (said("/go"), ["command"]),
        (said("two"), ["any word"]),
        (said("open the door"), ["behind a filter of its router"]),
        (said("open the window"), ["further behind"]),
        (said("shut the door"), ["any word"]),
        (said("shut the window"), ["any word"]),
        ({}, []),
    ],
)
async def test_the_first_that_fits_answers(content: Any, answered_by: list[str]) -> None:
    called: list[str] = []
    update = Update.model_validate({"update_id": 1, **content})
    await Dispatch(*routers(called))(update, BOT, cast(Conversation, None))
    assert called == answered_by


async def test_no_filter_is_asked_in_a_thread() -> None:
    asked_in: list[threading.Thread] = []

    def look(_: Message) -> bool:
        asked_in.append(threading.current_thread())
        return True

    async def handle(message: Message) -> None: ...

    router = Router()
    router.message.register(handle, look)
    update = Update.model_validate({"update_id": 1, **said("two")})
    await Dispatch(router)(update, BOT, cast(Conversation, None))
    assert asked_in == [threading.main_thread()]
