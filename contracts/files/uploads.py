"""Uploads: kept in object storage, hashed, sent again, and discarded when nothing needs them."""

from datetime import datetime
from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from contracts.base import ChatId, Command, Event, PersonId
from contracts.screens import Screen

UploadId = Annotated[str, Meta(min_length=1, max_length=64, pattern=r"^[A-Za-z0-9_-]+$")]
FileKind = Literal["document", "photo"]
ChangeNumber = Annotated[int, Meta(gt=0)]
Receipt = Annotated[str, Meta(max_length=128)]

SentAt = Annotated[datetime, Meta(tz=True)]
"""When a file came in; whoever was forgotten since is not known again by what becomes of it."""

DOWNLOAD_LIMIT = 20 * 1024 * 1024
"""Bytes; larger files Telegram does not hand out to bots (Bot API, getFile)."""


class TelegramFile(msgspec.Struct, frozen=True, kw_only=True):
    """A file as Telegram described it; `size` in bytes, 0 where Telegram did not say."""

    kind: FileKind
    file_id: Annotated[str, Meta(min_length=1, max_length=512)]
    name: Annotated[str, Meta(max_length=255)]
    mime_type: Annotated[str, Meta(max_length=127)]
    size: Annotated[int, Meta(ge=0, le=DOWNLOAD_LIMIT)]


class UploadKept(Event, frozen=True, kw_only=True):
    """The bytes of an upload are in object storage; `size` in bytes, as counted there.

    It was sent at `sent_at`; None in events of before it was told.
    """

    person_id: PersonId
    app: str
    upload_id: UploadId
    file: TelegramFile
    sha256: Annotated[str, Meta(min_length=64, max_length=64)]
    size: int
    sent_at: SentAt | None = None


class UploadLost(Event, frozen=True, kw_only=True):
    """The bytes of an upload could not be had, and will not be; `sent_at` as in UploadKept."""

    person_id: PersonId
    app: str
    upload_id: UploadId
    reason: Literal["too_large", "gone"]
    sent_at: SentAt | None = None


class UploadSent(Event, frozen=True, kw_only=True):
    """A kept copy was sent to a chat; Telegram knows it by `file_id` from now on.

    File ids belong to one bot, `app`; `receipt` is what whoever asked gave, to know it again.
    """

    person_id: PersonId
    upload_id: UploadId
    file_id: str
    app: str = ""
    chat_id: ChatId = 0
    message_id: int = 0
    receipt: Receipt = ""


class UploadClaimed(Event, frozen=True, kw_only=True):
    """Something of an app refers to an upload from now on; its bytes must stay."""

    person_id: PersonId
    app: str
    upload_id: UploadId


class UploadReleased(Event, frozen=True, kw_only=True):
    """Nothing of an app refers to an upload any more; unless another app does, it may go."""

    person_id: PersonId
    app: str
    upload_id: UploadId


class UploadHidden(Event, frozen=True, kw_only=True):
    """Whatever of an app refers to an upload is in the trash: links to it pause.

    `version` counts the changes of what refers to it, since events may overtake each other.
    """

    person_id: PersonId
    app: str
    upload_id: UploadId
    version: ChangeNumber


class UploadShown(Event, frozen=True, kw_only=True):
    """Whatever of an app refers to an upload is back from the trash; see UploadHidden."""

    person_id: PersonId
    app: str
    upload_id: UploadId
    version: ChangeNumber


class UploadNotSent(Event, frozen=True, kw_only=True):
    """A kept copy could not be sent: its bytes are gone, or the person blocked the bot.

    `refused`: Telegram does not take it, or what is said below it; only who gave a `receipt` hears.
    """

    person_id: PersonId
    upload_id: UploadId
    reason: Literal["gone", "unreachable", "refused"]
    app: str = ""
    chat_id: ChatId = 0
    receipt: Receipt = ""


class UploadDiscarded(Event, frozen=True, kw_only=True):
    """Nothing refers to an upload any more; its bytes may go."""

    person_id: PersonId
    app: str
    upload_id: UploadId


class UploadInUse(Event, frozen=True, kw_only=True):
    """An upload was to be discarded, but something refers to it, or it is gone already."""

    person_id: PersonId
    upload_id: UploadId


class KeepUpload(Command[UploadKept | UploadLost], frozen=True, kw_only=True):
    """Copy a file from Telegram into object storage; `app` is the bot it was sent to.

    It came at `sent_at`, by the clock of the bus; None in commands of before it was told.
    """

    app: str
    upload_id: UploadId
    file: TelegramFile
    sent_at: SentAt | None = None


class SendUpload(Command[UploadSent | UploadNotSent], frozen=True, kw_only=True):
    """Send the kept copy of an upload to a chat: Telegram has forgotten its own, or has none yet.

    `app` is the bot that sends it; `kept_by` the one it was sent to, empty for the same. Who gives
    a `receipt` finds it in what comes of it.
    """

    app: str
    chat_id: ChatId
    upload_id: UploadId
    kind: FileKind
    name: str
    screen: Screen
    kept_by: str = ""
    receipt: Receipt = ""


class DiscardUpload(Command[UploadDiscarded | UploadInUse], frozen=True, kw_only=True):
    """Drop an upload that nothing refers to; sent by the clock a day after it was kept."""

    upload_id: UploadId
