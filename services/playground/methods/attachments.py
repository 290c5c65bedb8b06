"""sendPhoto, sendDocument, sendVideo, sendVoice and sendSticker."""

from dataclasses import dataclass

from aiogram.methods import SendDocument, SendPhoto, SendSticker, SendVideo, SendVoice
from aiogram.types import InputFile, Message

from services.playground.bots import Bot
from services.playground.errors import BadRequest, NotServed
from services.playground.files import NOTHING_TOLD, Clip, FileKind, StoredFile
from services.playground.media import media_content
from services.playground.methods.chat_access import writable_chat
from services.playground.methods.posting import post
from services.playground.methods.texts import formatted_caption
from services.playground.parameters import UploadedFile
from services.playground.state import State


@dataclass(frozen=True)
class SentFile:
    """What a method says of the file to show: new bytes, or the file_id of an earlier one."""

    kind: FileKind
    source: InputFile | str
    clip: Clip = NOTHING_TOLD


async def send_photo(state: State, bot: Bot, method: SendPhoto) -> Message:
    """Post a picture, uploaded or by file_id."""
    return _post_file(state, bot, method, SentFile("photo", method.photo))


async def send_document(state: State, bot: Bot, method: SendDocument) -> Message:
    """Post a file, uploaded or by file_id."""
    return _post_file(state, bot, method, SentFile("document", method.document))


async def send_video(state: State, bot: Bot, method: SendVideo) -> Message:
    """Post a video, uploaded or by file_id."""
    clip = Clip(method.width or 0, method.height or 0, method.duration or 0)
    return _post_file(state, bot, method, SentFile("video", method.video, clip))


async def send_voice(state: State, bot: Bot, method: SendVoice) -> Message:
    """Post a voice message, uploaded or by file_id."""
    clip = Clip(duration=method.duration or 0)
    return _post_file(state, bot, method, SentFile("voice", method.voice, clip))


async def send_sticker(state: State, bot: Bot, method: SendSticker) -> Message:
    """Post a sticker, uploaded or by file_id."""
    writable_chat(state, bot, method.chat_id)
    stored = stored_file(state, bot, SentFile("sticker", method.sticker))
    return post(state, bot, method, media_content(stored))


def _post_file(
    state: State,
    bot: Bot,
    method: SendPhoto | SendDocument | SendVideo | SendVoice,
    file: SentFile,
) -> Message:
    caption = formatted_caption(method.caption, method.parse_mode, method.caption_entities)
    writable_chat(state, bot, method.chat_id)  # refused before the file is kept
    stored = stored_file(state, bot, file)
    return post(state, bot, method, {**media_content(stored), **caption})


def stored_file(state: State, bot: Bot, file: SentFile) -> StoredFile:
    """The file that came with the request, kept now, or the one of an earlier message."""
    kind, source = file.kind, file.source
    if isinstance(source, UploadedFile):
        return _kept(state, bot, source, file)
    if not isinstance(source, str) or source.startswith("attach://"):
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


def _kept(state: State, bot: Bot, upload: UploadedFile, file: SentFile) -> StoredFile:
    files, data, name = state.files, upload.data, upload.filename
    match file.kind:
        case "photo":
            return files.keep_photo(bot.id, data)
        case "sticker":
            return files.keep_sticker(bot.id, data)
        case "document":
            return files.keep_document(bot.id, data, name, upload.content_type)
        case clip_kind:
            return files.keep_clip(bot.id, clip_kind, data, name, file.clip)
