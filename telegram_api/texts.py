"""The calls of nearly every press: a text with buttons, sent or put in the place of another.

aiogram's own make a model of each button and, of the answer, one of the message with all its parts;
what a call says is the same.
"""

from typing import Any

from aiogram.client.default import Default
from aiogram.methods import TelegramMethod
from aiogram.types import MessageId

from contracts.screens import Button, Screen

Markup = dict[str, list[list[dict[str, str]]]]
"""Inline buttons as Telegram takes them."""


class SendText(TelegramMethod[MessageId]):
    """Sends a message of text."""

    __returning__ = MessageId
    __api_method__ = "sendMessage"

    chat_id: int
    text: str
    parse_mode: str | Default | None = Default("parse_mode")
    reply_markup: Any = None


class EditText(TelegramMethod[MessageId]):
    """Puts a text in the place of that of a message in a chat."""

    __returning__ = MessageId
    __api_method__ = "editMessageText"

    chat_id: int
    message_id: int
    text: str
    parse_mode: str | Default | None = Default("parse_mode")
    reply_markup: Any = None


def markup(screen: Screen) -> Markup | None:
    """Return the buttons of a screen, None for none."""
    if not screen.buttons:
        return None
    return {"inline_keyboard": [[_button(button) for button in row] for row in screen.buttons]}


def _button(button: Button) -> dict[str, str]:
    if button.url:
        return {"text": button.text, "url": button.url}
    return {"text": button.text, "callback_data": button.action}
