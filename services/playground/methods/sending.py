"""sendMessage, sendPhoto, sendDocument and sendChatAction."""

from datetime import UTC, datetime
from typing import Any

from aiogram.enums import ChatAction
from aiogram.methods import SendChatAction, SendDocument, SendMessage, SendPhoto
from aiogram.types import InputFile, Message, MessageEntity

from services.playground.bots import Bot
from services.playground.chats import ChatKey, Keyboard
from services.playground.database import transaction
from services.playground.errors import BadRequest, NotServed
from services.playground.files import FileKind, StoredFile
from services.playground.formatting import FormattedText, format_text
from services.playground.json_text import to_jsonable
from services.playground.keyboards import (
    check_markup,
    inline_only,
    replaces_keyboard,
    shown_keyboard,
)
from services.playground.media import media_content
from services.playground.methods.chat_access import writable_chat
from services.playground.parameters import UploadedFile
from services.playground.people import private_chat
from services.playground.state import State

MAX_TEXT = 4096
MAX_CAPTION = 1024
CHAT_ACTIONS = frozenset(action.value for action in ChatAction)

Sending = SendMessage | SendPhoto | SendDocument


async def send_message(state: State, bot: Bot, method: SendMessage) -> Message:
    """Post a text."""
    text = formatted_message_text(method.text, method.parse_mode, method.entities)
    return _post(state, bot, method, {"text": text.text, "entities": text.entities or None})


async def send_photo(state: State, bot: Bot, method: SendPhoto) -> Message:
    """Post a picture, uploaded or by file_id."""
    return _post_file(state, bot, method, "photo", method.photo)


async def send_document(state: State, bot: Bot, method: SendDocument) -> Message:
    """Post a file, uploaded or by file_id."""
    return _post_file(state, bot, method, "document", method.document)


async def send_chat_action(state: State, bot: Bot, method: SendChatAction) -> bool:
    """Show what the bot is about to do."""
    key, _ = writable_chat(state, bot, method.chat_id)
    if method.action not in CHAT_ACTIONS:
        raise BadRequest("wrong parameter action in request")
    state.typing.show(key, method.action)
    return True


def formatted_message_text(
    text: str | None, parse_mode: object, entities: list[MessageEntity] | None
) -> FormattedText:
    """A text within Telegram's limits; an empty one is refused."""
    formatted = format_text(text or "", _mode(parse_mode), entities)
    if not formatted.text:
        raise BadRequest("message text is empty")
    if len(formatted.text) > MAX_TEXT:
        raise BadRequest("message is too long")
    return formatted


def formatted_caption(
    caption: str | None, parse_mode: object, entities: list[MessageEntity] | None
) -> dict[str, Any]:
    """The caption's part of a message; an empty one is no caption."""
    formatted = format_text(caption or "", _mode(parse_mode), entities)
    if len(formatted.text) > MAX_CAPTION:
        raise BadRequest("message caption is too long")
    return {"caption": formatted.text or None, "caption_entities": formatted.entities or None}


def _mode(parse_mode: object) -> str | None:
    """Without the parameter aiogram fills in a default that only its client knows."""
    return parse_mode if isinstance(parse_mode, str) else None


def _post_file(
    state: State,
    bot: Bot,
    method: SendPhoto | SendDocument,
    kind: FileKind,
    source: InputFile | str,
) -> Message:
    caption = formatted_caption(method.caption, method.parse_mode, method.caption_entities)
    writable_chat(state, bot, method.chat_id)  # refused before the file is kept
    stored = _stored(state, bot, kind, source)
    return _post(state, bot, method, {**media_content(stored), **caption})


def _stored(state: State, bot: Bot, kind: FileKind, source: InputFile | str) -> StoredFile:
    if isinstance(source, UploadedFile):
        if kind == "photo":
            return state.files.keep_photo(bot.id, source.data)
        return state.files.keep_document(bot.id, source.data, source.filename, source.content_type)
    if not isinstance(source, str):
        raise BadRequest(f"there is no {kind} in the request")
    if source.startswith(("http://", "https://")):
        raise NotServed("sending a file by its URL")
    stored = state.files.find(bot.id, source)
    if stored is None or stored.lost:
        raise BadRequest("wrong file identifier/HTTP URL specified")
    if stored.kind != kind:
        raise BadRequest(
            f"can't use file of type {stored.kind.capitalize()} as {kind.capitalize()}"
        )
    return stored


def _post(state: State, bot: Bot, method: Sending, content: dict[str, Any]) -> Message:
    key, person = writable_chat(state, bot, method.chat_id)
    check_markup(method.reply_markup)
    replied = _replied(state, key, method)

    def build(message_id: int) -> Message:
        return Message(
            message_id=message_id,
            date=datetime.now(UTC),
            chat=private_chat(person),
            from_user=bot.user,
            reply_to_message=replied,
            reply_markup=inline_only(method.reply_markup),
            **content,
        )

    with transaction(state.db):
        message = state.chats.post(key, build)
        _show_keyboard(state, key, message.message_id, method)
    state.typing.clear(key)
    return message


def _replied(state: State, key: ChatKey, method: Sending) -> Message | None:
    wanted = method.reply_parameters
    message_id = wanted.message_id if wanted else method.reply_to_message_id
    if message_id is None:
        return None
    replied = state.chats.message(key, message_id)
    optional = (wanted and wanted.allow_sending_without_reply) or method.allow_sending_without_reply
    if replied is None and optional is not True:
        raise BadRequest("message to be replied not found")
    # Telegram shows one level: the message replied to comes without its own.
    return replied.model_copy(update={"reply_to_message": None}) if replied else None


def _show_keyboard(state: State, key: ChatKey, message_id: int, method: Sending) -> None:
    if not replaces_keyboard(method.reply_markup):
        return
    shown = shown_keyboard(method.reply_markup)
    keyboard = Keyboard(message_id, to_jsonable(shown)) if shown else None
    state.chats.set_keyboard(key, keyboard)
