"""copyMessage and forwardMessage."""

from typing import Any

from aiogram.enums import MessageOriginType
from aiogram.methods import CopyMessage, ForwardMessage
from aiogram.types import Message, MessageId, MessageOriginUser

from services.playground.bots import Bot
from services.playground.errors import BadRequest
from services.playground.media import KINDS, takes_caption
from services.playground.methods.chat_access import writable_chat
from services.playground.methods.posting import post
from services.playground.methods.texts import formatted_caption
from services.playground.state import State

CONTENT = ("text", "entities", "caption", "caption_entities", "location", *KINDS)


async def copy_message(state: State, bot: Bot, method: CopyMessage) -> MessageId:
    """Post the same again as the bot's own, if wanted with another caption; without buttons."""
    original = _original(state, bot, method)
    if original is None:
        raise BadRequest("message to copy not found")
    content = _content(original)
    if method.caption is not None and takes_caption(original):
        content |= formatted_caption(method.caption, method.parse_mode, method.caption_entities)
    return MessageId(message_id=post(state, bot, method, content).message_id)


async def forward_message(state: State, bot: Bot, method: ForwardMessage) -> Message:
    """Post the same again with the name of who wrote it first."""
    original = _original(state, bot, method)
    if original is None:
        raise BadRequest("message to forward not found")
    content = {**_content(original), "forward_origin": original.forward_origin or _origin(original)}
    return post(state, bot, method, content)


def _origin(message: Message) -> MessageOriginUser:
    assert message.from_user is not None
    return MessageOriginUser(
        type=MessageOriginType.USER,  # else a default, which is not sent
        date=message.date,
        sender_user=message.from_user,
    )


def _original(state: State, bot: Bot, method: CopyMessage | ForwardMessage) -> Message | None:
    source, _ = writable_chat(state, bot, method.from_chat_id)
    return state.history.message(source, method.message_id)


def _content(message: Message) -> dict[str, Any]:
    values = {name: getattr(message, name) for name in CONTENT}
    return {name: value for name, value in values.items() if value is not None}
