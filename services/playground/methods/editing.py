"""editMessageText, editMessageCaption, editMessageMedia and editMessageReplyMarkup."""

from datetime import UTC, datetime
from typing import Any

from aiogram.methods import (
    EditMessageCaption,
    EditMessageMedia,
    EditMessageReplyMarkup,
    EditMessageText,
)
from aiogram.types import InputMediaDocument, Message

from services.playground.bots import Bot
from services.playground.chats import ChatKey
from services.playground.errors import BadRequest, NotServed
from services.playground.json_text import to_jsonable
from services.playground.keyboards import check_markup, inline_only
from services.playground.media import takes_caption
from services.playground.methods.albums import shown_media
from services.playground.methods.chat_access import editable_message
from services.playground.methods.texts import formatted_caption, formatted_message_text
from services.playground.state import State

NOT_MODIFIED = (
    "message is not modified: specified new message content and reply markup are exactly"
    " the same as a current content and reply markup of the message"
)

# What another file takes the place of.
REPLACED = dict.fromkeys(("text", "entities", "photo", "document", "video"))

Editing = EditMessageText | EditMessageCaption | EditMessageMedia | EditMessageReplyMarkup


async def edit_message_text(state: State, bot: Bot, method: EditMessageText) -> Message:
    """Replace text and inline keyboard."""
    if method.rich_message is not None:
        raise NotServed("rich_message")
    key, message = _editable(state, bot, method)
    text = formatted_message_text(method.text, method.parse_mode, method.entities)
    if message.text is None:
        raise BadRequest("there is no text in the message to edit")
    content = {"text": text.text, "entities": text.entities or None}
    return _edit(state, key, message, method, content)


async def edit_message_caption(state: State, bot: Bot, method: EditMessageCaption) -> Message:
    """Replace caption and inline keyboard."""
    key, message = _editable(state, bot, method)
    content = formatted_caption(method.caption, method.parse_mode, method.caption_entities)
    if not takes_caption(message):
        raise BadRequest("there is no caption in the message to edit")
    return _edit(state, key, message, method, content)


async def edit_message_media(state: State, bot: Bot, method: EditMessageMedia) -> Message:
    """Replace text or file by another file, with its caption and inline keyboard."""
    key, message = _editable(state, bot, method)
    if message.text is None and not (message.photo or message.document or message.video):
        raise BadRequest("message can't be edited")
    if message.media_group_id and (message.document is not None) != (
        isinstance(method.media, InputMediaDocument)
    ):
        raise BadRequest("message content type can't be changed so in an album")
    content = {**REPLACED, **shown_media(state, bot, method.media)}
    return _edit(state, key, message, method, content)


async def edit_message_reply_markup(
    state: State, bot: Bot, method: EditMessageReplyMarkup
) -> Message:
    """Replace the inline keyboard, or take it away."""
    key, message = _editable(state, bot, method)
    return _edit(state, key, message, method, {})


def _editable(state: State, bot: Bot, method: Editing) -> tuple[ChatKey, Message]:
    return editable_message(state, bot, method.chat_id, method.message_id, method.inline_message_id)


def _edit(
    state: State, key: ChatKey, message: Message, method: Editing, content: dict[str, Any]
) -> Message:
    check_markup(method.reply_markup)
    content["reply_markup"] = inline_only(method.reply_markup)
    if all(to_jsonable(getattr(message, name)) == to_jsonable(content[name]) for name in content):
        raise BadRequest(NOT_MODIFIED)
    content["edit_date"] = int(datetime.now(UTC).timestamp())
    edited = message.model_copy(update=content)
    state.chats.replace(key, edited)
    return edited
