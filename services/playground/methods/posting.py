"""Putting what a bot sends into a chat."""

from datetime import UTC, datetime
from typing import Any

from aiogram.methods import (
    CopyMessage,
    ForwardMessage,
    SendDocument,
    SendLocation,
    SendMediaGroup,
    SendMessage,
    SendPhoto,
    SendSticker,
    SendVideo,
    SendVoice,
)
from aiogram.types import Message, ReplyMarkupUnion

from services.playground.bots import Bot
from services.playground.chats import ChatKey, Keyboard
from services.playground.database import transaction
from services.playground.errors import BadRequest
from services.playground.json_text import to_jsonable
from services.playground.keyboards import (
    check_markup,
    inline_only,
    replaces_keyboard,
    shown_keyboard,
)
from services.playground.methods.chat_access import writable_chat
from services.playground.people import private_chat
from services.playground.state import State

SendingFile = SendPhoto | SendDocument | SendVideo | SendVoice | SendSticker
Replying = SendMessage | SendingFile | SendLocation | SendMediaGroup | CopyMessage
Posting = Replying | ForwardMessage


def post(state: State, bot: Bot, method: Posting, content: dict[str, Any]) -> Message:
    """Add one message; `content` holds its own fields."""
    return post_all(state, bot, method, [content])[0]


def post_all(
    state: State, bot: Bot, method: Posting, contents: list[dict[str, Any]]
) -> list[Message]:
    """Add messages that belong together, or none of them."""
    key, person = writable_chat(state, bot, method.chat_id)
    markup = None if isinstance(method, SendMediaGroup | ForwardMessage) else method.reply_markup
    check_markup(markup)
    replied = None if isinstance(method, ForwardMessage) else _replied(state, key, method)
    common: dict[str, Any] = {
        "chat": private_chat(person),
        "from_user": bot.user,
        "reply_to_message": replied,
        "reply_markup": inline_only(markup),
    }

    def add(content: dict[str, Any]) -> Message:
        return state.chats.post(
            key,
            lambda message_id: Message(
                message_id=message_id, date=datetime.now(UTC), **common, **content
            ),
        )

    with transaction(state.db):
        messages = [add(content) for content in contents]
        _show_keyboard(state, key, messages[-1].message_id, markup)
    state.typing.clear(key)
    return messages


def _replied(state: State, key: ChatKey, method: Replying) -> Message | None:
    wanted = method.reply_parameters
    message_id = wanted.message_id if wanted else method.reply_to_message_id
    if message_id is None:
        return None
    replied = state.history.message(key, message_id)
    optional = (wanted and wanted.allow_sending_without_reply) or method.allow_sending_without_reply
    if replied is None and optional is not True:
        raise BadRequest("message to be replied not found")
    # Telegram shows one level: the message replied to comes without its own.
    return replied.model_copy(update={"reply_to_message": None}) if replied else None


def _show_keyboard(
    state: State, key: ChatKey, message_id: int, markup: ReplyMarkupUnion | None
) -> None:
    if not replaces_keyboard(markup):
        return
    shown = shown_keyboard(markup)
    state.chats.set_keyboard(key, Keyboard(message_id, to_jsonable(shown)) if shown else None)
