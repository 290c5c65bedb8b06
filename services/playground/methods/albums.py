"""sendMediaGroup, and the files that it shares with editMessageMedia."""

import secrets
from typing import Any

from aiogram.methods import SendMediaGroup
from aiogram.types import (
    InputMediaDocument,
    InputMediaPhoto,
    InputMediaUnion,
    InputMediaVideo,
    MediaUnion,
    Message,
)

from services.playground.bots import Bot
from services.playground.errors import ApiError, BadRequest, NotServed
from services.playground.files import NOTHING_TOLD, Clip, FileKind
from services.playground.media import media_content
from services.playground.methods.attachments import SentFile, stored_file
from services.playground.methods.chat_access import writable_chat
from services.playground.methods.posting import post_all
from services.playground.methods.texts import formatted_caption
from services.playground.state import State

Media = InputMediaUnion | MediaUnion
KINDS: dict[type[Media], FileKind] = {
    InputMediaPhoto: "photo",
    InputMediaDocument: "document",
    InputMediaVideo: "video",
}
MIN_ALBUM = 2
MAX_ALBUM = 10


async def send_media_group(state: State, bot: Bot, method: SendMediaGroup) -> list[Message]:
    """Post an album: a message for each file, all of one media_group_id."""
    _check_size(len(method.media))
    kinds = {media.type for media in method.media}
    if "document" in kinds and len(kinds) > 1:
        raise BadRequest("document can't be mixed with other media types")
    writable_chat(state, bot, method.chat_id)
    album = {"media_group_id": new_media_group_id()}
    contents = []
    for number, media in enumerate(method.media, start=1):
        try:
            contents.append({**shown_media(state, bot, media), **album})
        except ApiError as error:
            raise _at_place(number, error) from None
    return post_all(state, bot, method, contents)


def _check_size(size: int) -> None:
    if not size:
        raise BadRequest("there are no messages to send")
    if size > MAX_ALBUM:
        raise BadRequest("too many messages to send as an album")
    if size < MIN_ALBUM:
        raise BadRequest(f"an album has {MIN_ALBUM} to {MAX_ALBUM} messages")


def _at_place(number: int, error: ApiError) -> ApiError:
    if not isinstance(error, BadRequest):
        return error
    why = error.description.removeprefix("Bad Request: ")
    why = why[:1].upper() + why[1:]
    return BadRequest(f'failed to send message #{number} with the error message "{why}"')


def new_media_group_id() -> str:
    """What the messages of one album have in common."""
    return str(secrets.randbits(53))


def shown_media(state: State, bot: Bot, media: Media) -> dict[str, Any]:
    """A photo, video or document with its caption, as fields of a Message."""
    kind = KINDS.get(type(media))
    if kind is None:
        raise NotServed(f"media of type {media.type}")
    clip = NOTHING_TOLD
    if isinstance(media, InputMediaVideo):
        clip = Clip(media.width or 0, media.height or 0, media.duration or 0)
    caption = formatted_caption(media.caption, media.parse_mode, media.caption_entities)
    return {**media_content(stored_file(state, bot, SentFile(kind, media.media, clip))), **caption}
