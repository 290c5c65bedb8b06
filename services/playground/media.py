"""A stored file as the part of a message that shows it, and back."""

from collections.abc import Callable
from typing import Any, get_args

from aiogram.types import Document, Message, PhotoSize, Sticker, Video, Voice

from services.playground.files import FileKind, StoredFile

Attachment = PhotoSize | Document | Video | Voice | Sticker
KINDS: tuple[FileKind, ...] = get_args(FileKind)
CAPTIONED: tuple[FileKind, ...] = ("photo", "document", "video", "voice")


def media_content(stored: StoredFile) -> dict[str, Any]:
    """The field of a Message that shows the file."""
    common = {
        "file_id": stored.file_id,
        "file_unique_id": stored.unique_id,
        "file_size": stored.size,
    }
    return {stored.kind: CONTENTS[stored.kind](stored, common)}


def _photo(stored: StoredFile, common: dict[str, Any]) -> list[PhotoSize]:
    # One size: nothing here scales pictures.
    return [PhotoSize(**common, **_dimensions(stored))]


def _document(stored: StoredFile, common: dict[str, Any]) -> Document:
    return Document(**common, file_name=stored.name, mime_type=stored.mime_type)


def _video(stored: StoredFile, common: dict[str, Any]) -> Video:
    return Video(
        **common,
        **_dimensions(stored),
        duration=stored.duration or 0,
        file_name=stored.name,
        mime_type=stored.mime_type,
    )


def _voice(stored: StoredFile, common: dict[str, Any]) -> Voice:
    return Voice(**common, duration=stored.duration or 0, mime_type=stored.mime_type)


def _sticker(stored: StoredFile, common: dict[str, Any]) -> Sticker:
    return Sticker(
        **common, **_dimensions(stored), type="regular", is_animated=False, is_video=False
    )


def _dimensions(stored: StoredFile) -> dict[str, Any]:
    return {"width": stored.width or 0, "height": stored.height or 0}


CONTENTS: dict[FileKind, Callable[[StoredFile, dict[str, Any]], Any]] = {
    "photo": _photo,
    "document": _document,
    "video": _video,
    "voice": _voice,
    "sticker": _sticker,
}


def attachment_of(message: Message) -> tuple[FileKind, Attachment] | None:
    """The file a message shows, if any: what it is shown as, and in its largest size."""
    for kind in KINDS:
        if found := getattr(message, kind):
            return kind, found[-1] if kind == "photo" else found
    return None


def takes_caption(message: Message) -> bool:
    """Whether the message shows something that a caption can stand under."""
    found = attachment_of(message)
    return found is not None and found[0] in CAPTIONED
