"""A document's files are sent: as albums where that can be, one by one where Telegram lost some."""

from collections.abc import Iterator, Sequence
from itertools import groupby

from msgspec.structs import replace

from contracts.documents import Document, DocumentFile
from contracts.files import SendUpload
from contracts.screens import Media, Screen
from services.bot.conversation import Conversation
from telegram_api.errors import WrongFileId
from telegram_api.show import ALBUM_LIMIT


async def send(document: Document, screen: Screen, conversation: Conversation) -> None:
    """Send the files of a document, and what is said of it with the only one, or below all."""
    if screen.media:
        await _send_file(document.files[0], screen, conversation)
        return
    for album in albums(document.files):
        await _send_album(album, conversation)
    await conversation.send(screen)


def albums(files: Sequence[DocumentFile]) -> Iterator[Sequence[DocumentFile]]:
    """Yield the files in their order, in groups that Telegram takes: of one kind, 10 at most."""
    for _, alike in groupby(files, key=lambda file: file.kind):
        group = list(alike)
        for start in range(0, len(group), ALBUM_LIMIT):
            yield group[start : start + ALBUM_LIMIT]


async def _send_album(files: Sequence[DocumentFile], conversation: Conversation) -> None:
    if len(files) > 1:
        try:
            await conversation.send_album([_media(file) for file in files])
        except WrongFileId:
            pass  # of one of them; Telegram took none
        else:
            return
    for file in files:
        await _send_file(file, Screen(text="", media=_media(file)), conversation)


async def _send_file(file: DocumentFile, screen: Screen, conversation: Conversation) -> None:
    try:
        await conversation.send(screen)
    except WrongFileId:
        stored_copy = SendUpload(
            app=conversation.app,
            chat_id=conversation.chat_id,
            upload_id=file.upload_id,
            kind=file.kind,
            name=file.file_name,
            screen=replace(screen, media=None),
        )
        await conversation.bus.send(stored_copy, tell=True)


def _media(file: DocumentFile) -> Media:
    return Media(kind=file.kind, file_id=file.file_id)
