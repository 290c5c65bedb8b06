"""A text is said as aiogram would say it, whatever buttons are below it; answers are read."""

import gc
from typing import Any
from weakref import ref

import msgspec
import pytest
from aiogram import Bot
from aiogram.client.default import DefaultBotProperties
from aiogram.methods import EditMessageText, Response, SendMessage, TelegramMethod
from aiogram.types import InlineKeyboardMarkup
from aiohttp import BytesPayload
from prometheus_client import CollectorRegistry

from contracts.screens import Button, Screen
from observability.calls import Calls
from telegram_api.session import Session
from telegram_api.show import keyboard
from telegram_api.texts import EditText, SendText, markup

TEXT = "Which <b>one</b>?"
LINK = Button(text="Look", url="https://example.org/page")
BUTTONS = ((Button(text="First", action="one:1"), Button(text="Второй", action="one:2")), (LINK,))


@pytest.mark.parametrize("buttons", [(), BUTTONS])
async def test_a_text_is_said_as_by_aiogram(buttons: Any) -> None:
    bot = Bot("1000001:AAEdocumentsTokenOfThirtyFiveChars1", default=_html())
    screen = Screen(text=TEXT, buttons=buttons)
    below, as_models = markup(screen), keyboard(screen)
    assert isinstance(as_models, InlineKeyboardMarkup | None)
    sent = SendText(chat_id=5, text=TEXT, reply_markup=below)
    assert _said(bot, sent) == _said(bot, SendMessage(chat_id=5, text=TEXT, reply_markup=as_models))
    edited = EditText(chat_id=5, message_id=7, text=TEXT, reply_markup=below)
    theirs = EditMessageText(chat_id=5, message_id=7, text=TEXT, reply_markup=as_models)
    assert _said(bot, edited) == _said(bot, theirs)
    assert (edited.__api_method__, sent.__api_method__) == ("editMessageText", "sendMessage")


def _html() -> DefaultBotProperties:
    return DefaultBotProperties(parse_mode="HTML")


def _session() -> Session:
    return Session(Calls(CollectorRegistry()))


def _said(bot: Bot, call: TelegramMethod[Any]) -> Any:
    body = _session().build_form_data(bot, call)
    assert isinstance(body, BytesPayload)
    return msgspec.json.decode(body.decode())


class AskNumbers(TelegramMethod[list[int]]):
    """A call that nobody else makes."""

    __returning__ = list[int]
    __api_method__ = "getNumbers"


async def test_the_model_of_an_answer_is_not_made_anew_for_each() -> None:
    bot, session = Bot("1000001:AAEdocumentsTokenOfThirtyFiveChars1"), _session()
    answer = session.check_response(bot, AskNumbers(), 200, '{"ok": true, "result": [1, 2]}')
    assert answer.result == [1, 2]
    made = ref(Response[list[int]])
    del answer
    gc.collect()
    assert made() is not None
