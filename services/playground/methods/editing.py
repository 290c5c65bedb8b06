"""editMessageText, editMessageCaption, editMessageReplyMarkup and deleteMessage."""

from datetime import UTC, datetime, timedelta
from typing import Any

from aiogram.methods import (
    DeleteMessage,
    EditMessageCaption,
    EditMessageReplyMarkup,
    EditMessageText,
)
from aiogram.types import Message

from services.playground.bots import Bot
from services.playground.chats import ChatKey
from services.playground.errors import BadRequest, NotServed
from services.playground.json_text import to_jsonable
from services.playground.keyboards import check_markup, inline_only
from services.playground.methods.chat_access import editable_message, writable_chat
from services.playground.methods.sending import formatted_caption, formatted_message_text
from services.playground.state import State

DELETABLE_FOR = timedelta(hours=48)
NOT_MODIFIED = (
    "message is not modified: specified new message content and reply markup are exactly"
    " the same as a current content and reply markup of the message"
)

Editing = EditMessageText | EditMessageCaption | EditMessageReplyMarkup


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
    if not (message.photo or message.document):
        raise BadRequest("there is no caption in the message to edit")
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


async def delete_message(state: State, bot: Bot, method: DeleteMessage) -> bool:
    """Take a message of either side out of the chat, for 48 hours."""
    key, _ = writable_chat(state, bot, method.chat_id)
    message = state.chats.message(key, method.message_id)
    if message is None:
        raise BadRequest("message to delete not found")
    if datetime.now(UTC) - message.date > DELETABLE_FOR:
        raise BadRequest("message can't be deleted")
    state.chats.delete(key, message.message_id)
    return True
