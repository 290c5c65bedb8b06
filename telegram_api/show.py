"""A screen becomes a message of a chat: sent, edited in place, or answered to a pressed button."""

from collections.abc import Awaitable, Sequence
from contextlib import suppress
from typing import NamedTuple

from aiogram import Bot
from aiogram.exceptions import TelegramBadRequest, TelegramEntityTooLarge
from aiogram.types import (
    InlineKeyboardMarkup,
    InputFile,
    InputMediaDocument,
    InputMediaPhoto,
    MediaUnion,
    Message,
)

from contracts.screens import CAPTION_LIMIT, TEXT_LIMIT, Media, Screen, visible_length
from telegram_api.errors import TelegramAway
from telegram_api.texts import EditText, SendText, markup

TOAST_LIMIT = 200
"""Characters, of what a person sees: markup does not count."""

ALBUM_LIMIT = 10
"""Files that Telegram takes in one group."""

UPLOAD_SECONDS = 120

_UNCHANGED = "message is not modified"
_NO_TEXT = "there is no text in the message"
_GONE = ("message to delete not found", "message_id_invalid")
_STAYS = "message can't be deleted"
_TOO_OLD = ("query is too old", "query id is invalid", "query_id_invalid")
_NOT_EDITABLE = (
    "message to edit not found",
    "message can't be edited",
    "there is no text in the message",
    "message_id_invalid",
)


class ScreenTooLong(ValueError):
    """A text is longer than Telegram takes; what makes screens has to shorten it."""


NOT_TAKEN = (TelegramBadRequest, TelegramEntityTooLarge, ScreenTooLong)
"""What is raised of a screen or file that Telegram takes in no chat."""


async def send(bot: Bot, chat_id: int, screen: Screen) -> int:
    """Send a screen as a new message and return the message's id.

    Raises WrongFileId when Telegram has forgotten the screen's file.
    """
    if screen.media is not None:
        return (await _send_media(bot, chat_id, screen, screen.media)).message_id
    _check(screen.text, TEXT_LIMIT)
    call = SendText(chat_id=chat_id, text=screen.text, reply_markup=markup(screen))
    return (await bot(call)).message_id


async def send_album(bot: Bot, chat_id: int, album: Sequence[Media]) -> None:
    """Send 2 to 10 files of one kind as one group; it can have no buttons.

    Raises WrongFileId when Telegram has forgotten one of the files; then none is sent.
    """
    group: list[MediaUnion] = [
        InputMediaPhoto(media=media.file_id)
        if media.kind == "photo"
        else InputMediaDocument(media=media.file_id)
        for media in album
    ]
    await bot.send_media_group(chat_id, group)


async def edit(bot: Bot, chat_id: int, message_id: int, screen: Screen) -> int:
    """Put a screen in the place of a message and return the id of the message that shows it.

    That is another one where Telegram does not let the message be edited, and for a screen with a
    file: an edited caption would leave whatever file the message had. The old message then loses
    its buttons.
    """
    if screen.media is None and not await _edit_text(bot, chat_id, message_id, screen):
        return message_id
    new_id = await send(bot, chat_id, screen)
    await _remove_keyboard(bot, chat_id, message_id)
    return new_id


async def revise(bot: Bot, chat_id: int, message_id: int, screen: Screen) -> bool:
    """Change the words and buttons of a message; a file that it has stays what it is.

    Returns False where Telegram does not let it be edited, or does not have it any more.
    """
    if screen.media is None:
        refusal = await _edit_text(bot, chat_id, message_id, screen)
        if _NO_TEXT not in refusal:
            return not refusal
    return not await _edit_caption(bot, chat_id, message_id, screen)


async def withdraw(bot: Bot, chat_id: int, message_id: int) -> bool:
    """Delete a message; one that is gone counts as deleted.

    Returns False where Telegram does not let it be deleted, as after two days.
    """
    try:
        await bot.delete_message(chat_id, message_id)
    except TelegramBadRequest as error:
        if _says(error, _STAYS):
            return False
        if not _says(error, *_GONE):
            raise
    return True


async def answer(bot: Bot, callback_query_id: str, text: str = "", *, alert: bool = False) -> None:
    """Answer a pressed button, with a toast or an alert if there is a text.

    A press that Telegram no longer waits for has nobody to be answered to: that counts as done.
    """
    _check(text, TOAST_LIMIT)
    try:
        await bot.answer_callback_query(callback_query_id, text=text or None, show_alert=alert)
    except TelegramBadRequest as error:
        if not _says(error, *_TOO_OLD):
            raise


class Uploaded(NamedTuple):
    """A message with bytes of ours, and the id by which this bot may send them again."""

    message_id: int
    file_id: str


async def upload(bot: Bot, chat_id: int, screen: Screen, kind: str, file: InputFile) -> Uploaded:
    """Send bytes of ours with the screen as caption.

    `kind` is `document` or `photo`. The file may be read more than once.
    """
    _check(screen.text, CAPTION_LIMIT)
    caption, buttons = screen.text or None, keyboard(screen)
    if kind == "photo":
        message = await bot.send_photo(
            chat_id, file, caption=caption, reply_markup=buttons, request_timeout=UPLOAD_SECONDS
        )
    else:
        message = await bot.send_document(
            chat_id, file, caption=caption, reply_markup=buttons, request_timeout=UPLOAD_SECONDS
        )
    return Uploaded(message.message_id, _file_id(message))


def keyboard(screen: Screen) -> InlineKeyboardMarkup | None:
    """Return the buttons of a screen as Telegram takes them."""
    rows = markup(screen)
    return InlineKeyboardMarkup.model_validate(rows) if rows else None


async def _send_media(bot: Bot, chat_id: int, screen: Screen, media: Media) -> Message:
    _check(screen.text, CAPTION_LIMIT)
    caption, buttons = screen.text or None, keyboard(screen)
    if media.kind == "photo":
        return await bot.send_photo(chat_id, media.file_id, caption=caption, reply_markup=buttons)
    return await bot.send_document(chat_id, media.file_id, caption=caption, reply_markup=buttons)


async def _edit_text(bot: Bot, chat_id: int, message_id: int, screen: Screen) -> str:
    _check(screen.text, TEXT_LIMIT)
    call = EditText(
        chat_id=chat_id, message_id=message_id, text=screen.text, reply_markup=markup(screen)
    )
    editing = bot(call)
    return await _refusal(editing)


async def _edit_caption(bot: Bot, chat_id: int, message_id: int, screen: Screen) -> str:
    _check(screen.text, CAPTION_LIMIT)
    return await _refusal(
        bot.edit_message_caption(
            chat_id=chat_id,
            message_id=message_id,
            caption=screen.text,
            reply_markup=keyboard(screen),
        )
    )


async def _refusal(edit: Awaitable[object]) -> str:
    """Return in which words Telegram does not let a message be edited; none where it shows it."""
    try:
        await edit
    except TelegramBadRequest as error:
        if _says(error, *_NOT_EDITABLE):
            return error.message.lower()
        if not _says(error, _UNCHANGED):
            raise
    return ""


async def _remove_keyboard(bot: Bot, chat_id: int, message_id: int) -> None:
    # The screen is shown: old buttons that stay are answered by the current menu.
    with suppress(TelegramBadRequest, TelegramAway):
        await bot.edit_message_reply_markup(chat_id=chat_id, message_id=message_id)


def _file_id(message: Message) -> str:
    if message.photo:
        return max(message.photo, key=lambda size: size.width * size.height).file_id
    # Telegram shows some documents as what they are: an animation, a video, an audio.
    sent = message.document or message.animation or message.video or message.audio
    if sent is None:
        raise ValueError("Telegram's answer to an upload contains no file")
    return sent.file_id


def _check(text: str, limit: int) -> None:
    length = visible_length(text)
    if length > limit:
        raise ScreenTooLong(f"a text of {length} characters, Telegram takes {limit}")


def _says(error: TelegramBadRequest, *phrases: str) -> bool:
    said = error.message.lower()
    return any(phrase in said for phrase in phrases)
