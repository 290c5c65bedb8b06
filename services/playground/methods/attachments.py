"""sendPhoto, sendDocument, sendVideo, sendVoice and sendSticker."""

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


async def send_photo(state: State, bot: Bot, method: SendPhoto) -> Message:
    """Post a picture, uploaded or by file_id."""
    return _post_file(state, bot, method, "photo", method.photo)


async def send_document(state: State, bot: Bot, method: SendDocument) -> Message:
    """Post a file, uploaded or by file_id."""
    return _post_file(state, bot, method, "document", method.document)


async def send_video(state: State, bot: Bot, method: SendVideo) -> Message:
    """Post a video, uploaded or by file_id."""
    clip = Clip(method.width or 0, method.height or 0, method.duration or 0)
    return _post_file(state, bot, method, "video", method.video, clip)


async def send_voice(state: State, bot: Bot, method: SendVoice) -> Message:
    """Post a voice message, uploaded or by file_id."""
    clip = Clip(duration=method.duration or 0)
    return _post_file(state, bot, method, "voice", method.voice, clip)


async def send_sticker(state: State, bot: Bot, method: SendSticker) -> Message:
    """Post a sticker, uploaded or by file_id."""
    writable_chat(state, bot, method.chat_id)
    stored = stored_file(state, bot, "sticker", method.sticker)
    return post(state, bot, method, media_content(stored))


def _post_file(
    state: State,
    bot: Bot,
    method: SendPhoto | SendDocument | SendVideo | SendVoice,
    kind: FileKind,
    source: InputFile | str,
    clip: Clip = NOTHING_TOLD,
) -> Message:
    caption = formatted_caption(method.caption, method.parse_mode, method.caption_entities)
    writable_chat(state, bot, method.chat_id)  # refused before the file is kept
    stored = stored_file(state, bot, kind, source, clip)
    return post(state, bot, method, {**media_content(stored), **caption})


def stored_file(
    state: State, bot: Bot, kind: FileKind, source: InputFile | str, clip: Clip = NOTHING_TOLD
) -> StoredFile:
    """The file that came with the request, kept now, or the one of an earlier message."""
    if isinstance(source, UploadedFile):
        return _kept(state, bot, kind, source, clip)
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


def _kept(state: State, bot: Bot, kind: FileKind, file: UploadedFile, clip: Clip) -> StoredFile:
    if kind == "photo":
        return state.files.keep_photo(bot.id, file.data)
    if kind == "sticker":
        return state.files.keep_sticker(bot.id, file.data)
    if kind == "document":
        return state.files.keep_document(bot.id, file.data, file.filename, file.content_type)
    return state.files.keep_clip(bot.id, kind, file.data, file.filename, clip)
