"""Archives: many files sent to a chat at once, in parts that Telegram takes."""

from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from contracts.base import ChatId, Command, Event, PersonId
from contracts.files.uploads import UploadId

ARCHIVE_LIMIT = 1000
"""Files of one archive: a message holds no more of them."""

ArchiveName = Annotated[str, Meta(min_length=1, max_length=128)]


class ArchivedFile(msgspec.Struct, frozen=True, kw_only=True):
    """An upload and the name it is to have in an archive; `size` in bytes, as kept."""

    upload_id: UploadId
    name: Annotated[str, Meta(min_length=1, max_length=160)]
    size: Annotated[int, Meta(ge=0)]


class ArchiveSent(Event, frozen=True, kw_only=True):
    """All parts of an archive are in the chat; `missing` names files whose bytes are gone."""

    person_id: PersonId
    name: ArchiveName
    parts: int
    files: int
    missing: tuple[str, ...] = ()


class ArchiveNotSent(Event, frozen=True, kw_only=True):
    """An archive was not sent: all its bytes are gone, or the person blocked the bot."""

    person_id: PersonId
    name: ArchiveName
    reason: Literal["gone", "unreachable"]


class SendArchive(Command[ArchiveSent | ArchiveNotSent], frozen=True, kw_only=True):
    """Send own uploads to a chat as ZIP parts; message `message_id` there tells how far it is."""

    app: str
    chat_id: ChatId
    message_id: int
    name: ArchiveName
    files: Annotated[tuple[ArchivedFile, ...], Meta(min_length=1, max_length=ARCHIVE_LIMIT)]
