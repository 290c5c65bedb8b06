"""A stored file as the part of a message that shows it."""

from typing import Any

from aiogram.types import Document, Message, PhotoSize

from services.playground.files import StoredFile


def media_content(stored: StoredFile) -> dict[str, Any]:
    """The fields of a Message. A photo has one size: nothing here scales pictures."""
    if stored.kind == "photo":
        assert stored.width is not None
        assert stored.height is not None
        size = PhotoSize(
            file_id=stored.file_id,
            file_unique_id=stored.unique_id,
            width=stored.width,
            height=stored.height,
            file_size=stored.size,
        )
        return {"photo": [size]}
    document = Document(
        file_id=stored.file_id,
        file_unique_id=stored.unique_id,
        file_name=stored.name,
        mime_type=stored.mime_type,
        file_size=stored.size,
    )
    return {"document": document}


def file_id_of(message: Message) -> str | None:
    """The file a message shows, if any."""
    if message.photo:
        return message.photo[-1].file_id
    return message.document.file_id if message.document else None
