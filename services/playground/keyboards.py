"""Buttons under a message and under the input field: what Telegram takes and what it refuses."""

import re
from typing import Any

from aiogram.types import (
    ForceReply,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    ReplyKeyboardMarkup,
    ReplyKeyboardRemove,
    ReplyMarkupUnion,
)
from pydantic import BaseModel, ValidationError

from services.playground.errors import BadRequest
from services.playground.json_text import to_json_text, to_jsonable

MAX_CALLBACK_DATA_BYTES = 64
MAX_INLINE_BUTTONS = 100
MAX_REPLY_BUTTONS = 300
MAX_MARKUP_BYTES = 10_000
# Telegram itself also refuses `localhost`; here it is where everything runs.
LINK = re.compile(r"(?:https?|tg|ton)://[^\s/?#]+\S*", re.IGNORECASE)


MARKUPS: dict[str, tuple[type[BaseModel], str]] = {
    "inline_keyboard": (InlineKeyboardMarkup, "inline keyboard"),
    "keyboard": (ReplyKeyboardMarkup, "keyboard"),
    "remove_keyboard": (ReplyKeyboardRemove, "keyboard"),
    "force_reply": (ForceReply, "keyboard"),
}


def read_markup(value: Any) -> BaseModel | None:
    """The markup by the one field that tells its kind, as Telegram reads it.

    Left to pydantic, a broken keyboard would pass as ReplyKeyboardRemove, which requires nothing.
    """
    if not isinstance(value, dict):
        raise BadRequest("object expected as reply markup")
    for field, (markup, name) in MARKUPS.items():
        if field in value:
            try:
                return markup.model_validate({**value, field: _with_objects(value[field])})
            except ValidationError as error:
                problem = error.errors(include_url=False)[0]
                raise BadRequest(
                    f"can't parse {name} button: {problem['loc'][-1]}: {problem['msg']}"
                ) from None
    return None


def _with_objects(rows: Any) -> Any:
    """A button of a reply keyboard may be given as its text alone."""
    if not isinstance(rows, list) or not all(isinstance(row, list) for row in rows):
        return rows
    return [[{"text": b} if isinstance(b, str) else b for b in row] for row in rows]


def check_markup(markup: ReplyMarkupUnion | None) -> None:
    """Raise BadRequest in Telegram's words if the keyboard breaks a limit."""
    if isinstance(markup, InlineKeyboardMarkup):
        buttons = [button for row in markup.inline_keyboard for button in row]
        for button in buttons:
            _check_inline(button)
        _check_size(markup, len(buttons), MAX_INLINE_BUTTONS)
    elif isinstance(markup, ReplyKeyboardMarkup):
        texts = [button.text for row in markup.keyboard for button in row]
        if not all(texts):
            raise BadRequest('can\'t parse keyboard button: field "text" must be non-empty')
        _check_size(markup, len(texts), MAX_REPLY_BUTTONS)


def _check_size(
    markup: InlineKeyboardMarkup | ReplyKeyboardMarkup, buttons: int, limit: int
) -> None:
    if buttons > limit or len(to_json_text(markup).encode()) > MAX_MARKUP_BYTES:
        raise BadRequest("reply markup is too long")


def _check_inline(button: InlineKeyboardButton) -> None:
    if not button.text:
        raise BadRequest("BUTTON_TEXT_INVALID")
    actions = set(to_jsonable(button)) - {"text", "style", "icon_custom_emoji_id"}
    if not actions:
        raise BadRequest(
            "can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard"
        )
    data = button.callback_data
    if data is not None and not 1 <= len(data.encode()) <= MAX_CALLBACK_DATA_BYTES:
        raise BadRequest("BUTTON_DATA_INVALID")
    if button.url is not None and not LINK.fullmatch(button.url):
        raise BadRequest(f"inline keyboard button URL '{button.url}' is invalid: Wrong HTTP URL")


def inline_only(markup: ReplyMarkupUnion | None) -> InlineKeyboardMarkup | None:
    """The part of a markup that belongs to the message itself; an empty keyboard is none."""
    if isinstance(markup, InlineKeyboardMarkup) and any(markup.inline_keyboard):
        return markup
    return None


def replaces_keyboard(markup: ReplyMarkupUnion | None) -> bool:
    """Whether the markup is about what is under the input field."""
    return markup is not None and not isinstance(markup, InlineKeyboardMarkup)


def shown_keyboard(markup: ReplyMarkupUnion | None) -> ReplyKeyboardMarkup | ForceReply | None:
    """What the markup puts under the input field; None when it takes the keyboard away."""
    return markup if isinstance(markup, ReplyKeyboardMarkup | ForceReply) else None
