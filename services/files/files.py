"""The commands of files, and the events after which bytes have to go."""

from collections.abc import AsyncGenerator
from typing import Literal

from aiogram import Bot
from aiogram.types import InputFile

from bus import Actor, Envelope, Router
from contracts.files import (
    ArchiveNotSent,
    ArchiveSent,
    KeepUpload,
    SendArchive,
    SendUpload,
    UploadDiscarded,
    UploadKept,
    UploadLost,
    UploadNotSent,
    UploadSent,
)
from contracts.people import PersonErased
from services.files.keep import TooLarge, keep, key_of
from services.files.sending import Sending
from services.files.store import ObjectStore
from telegram_api import show
from telegram_api.client import Bots
from telegram_api.download import download
from telegram_api.errors import Blocked, FileTooBig, WrongFileId

router = Router()


class StoredFile(InputFile):
    """An object of the store as aiogram uploads it, read anew at each attempt."""

    def __init__(self, store: ObjectStore, key: str, name: str) -> None:
        # Control characters would break the header that carries the name.
        super().__init__(filename="".join(filter(str.isprintable, name)))
        self._store = store
        self._key = key

    async def read(self, bot: Bot) -> AsyncGenerator[bytes, None]:
        """Yield the bytes of the object."""
        async for chunk in self._store.get(self._key):
            yield chunk


@router.handle
async def keep_upload(
    command: KeepUpload, actor: Actor, store: ObjectStore, bots: Bots
) -> UploadKept | UploadLost:
    """Copy a file from Telegram; handled again it is copied again, to the same place."""
    key = key_of(command.app, actor.person, command.upload_id)
    try:
        kept = await keep(store, key, download(bots[command.app], command.file.file_id))
    except (FileTooBig, TooLarge):
        return lost(command, actor, "too_large")
    except WrongFileId:
        return lost(command, actor, "gone")
    return UploadKept(
        person_id=actor.person,
        app=command.app,
        upload_id=command.upload_id,
        file=command.file,
        sha256=kept.sha256,
        size=kept.size,
        sent_at=command.sent_at,
    )


@router.handle
async def send_upload(
    command: SendUpload, actor: Actor, store: ObjectStore, bots: Bots
) -> UploadSent | UploadNotSent:
    """Send the kept copy; the key is made of who acts, so that nobody sends another's upload."""
    key = key_of(command.kept_by or command.app, actor.person, command.upload_id)
    if not await store.has(key):
        return _not_sent(command, actor, "gone")
    file = StoredFile(store, key, command.name)
    bot = bots[command.app]
    try:
        sent = await show.upload(bot, command.chat_id, command.screen, command.kind, file)
    except Blocked:
        return _not_sent(command, actor, "unreachable")
    except show.NOT_TAKEN:
        # Without a receipt it is a mistake of ours, to be looked into.
        if not command.receipt:
            raise
        return _not_sent(command, actor, "refused")
    return UploadSent(
        person_id=actor.person,
        upload_id=command.upload_id,
        file_id=sent.file_id,
        app=command.app,
        chat_id=command.chat_id,
        message_id=sent.message_id,
        receipt=command.receipt,
    )


@router.handle
async def send_archive(
    command: SendArchive, actor: Actor, envelope: Envelope, store: ObjectStore, bots: Bots
) -> ArchiveSent | ArchiveNotSent:
    """Send a part of an archive at each call; a crash in between can bring one part twice.

    Raises:
        NotYet: there are more parts. Called again for each, others have their turn in between.
    """
    sending = Sending(command, actor.person, envelope, store, bots[command.app])
    try:
        return await sending.go_on()
    except Blocked:
        return ArchiveNotSent(person_id=actor.person, name=command.name, reason="unreachable")


@router.handle
async def delete_bytes_on_upload_discarded(event: UploadDiscarded, store: ObjectStore) -> None:
    """Delete the bytes of an upload that nothing refers to."""
    await store.delete(key_of(event.app, event.person_id, event.upload_id))


@router.handle
async def delete_bytes_on_person_erased(event: PersonErased, store: ObjectStore) -> None:
    """Delete all bytes of a person, whichever bot they were sent to."""
    for app in await store.folders():
        for key in await store.keys(f"{app}/{event.person_id}"):
            await store.delete(key)


def lost(command: KeepUpload, actor: Actor, reason: Literal["too_large", "gone"]) -> UploadLost:
    """Return what is said of an upload whose bytes will not be had."""
    return UploadLost(
        person_id=actor.person,
        app=command.app,
        upload_id=command.upload_id,
        reason=reason,
        sent_at=command.sent_at,
    )


def _not_sent(
    command: SendUpload, actor: Actor, reason: Literal["gone", "unreachable", "refused"]
) -> UploadNotSent:
    return UploadNotSent(
        person_id=actor.person,
        upload_id=command.upload_id,
        reason=reason,
        app=command.app,
        chat_id=command.chat_id,
        receipt=command.receipt,
    )
