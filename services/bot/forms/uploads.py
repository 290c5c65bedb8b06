"""The field that takes files and photos: each is kept from the moment it is sent."""

import mimetypes
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import ClassVar

from aiogram.types import Message

from contracts.files import DOWNLOAD_LIMIT, KeepUpload, TelegramFile
from screens import forms as screens
from screens.texts import Texts
from services.bot.conversation import Conversation
from services.bot.forms.fields import AnyMessage, Field
from services.bot.forms.limits import Unfit, most
from services.bot.forms.state import Answer

NameByTime = Callable[[datetime, str, Texts], str]
"""Names a file that came without a name: when it was sent, the zone of that clock, the words."""

NAME_LIMIT = 255
MIME_LIMIT = 127
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f]")
"""PostgreSQL keeps no NUL, and nobody reads the others."""


@dataclass(frozen=True, kw_only=True)
class Uploads(Field):
    """Documents and photos, in their order; the answer is the ids under which they are kept.

    `several` labels more than one; `shorten` makes a file's name fit among others.
    """

    takes_files: ClassVar[bool] = True

    several: Callable[[int, Texts], str]
    shorten: Callable[[str], str]
    photo_name: NameByTime
    file_name: NameByTime

    async def read(
        self, message: Message, command: AnyMessage, conversation: Conversation
    ) -> Answer:
        """Take one file; further ones are added by `append`."""
        size = _size_of(message)
        if size > DOWNLOAD_LIMIT:
            raise Unfit(screens.file_too_large(size, DOWNLOAD_LIMIT, conversation.say))
        file = self._describe(message, conversation)
        upload_id = conversation.new_id()
        sent_at = datetime.fromtimestamp(conversation.arrived_at, UTC)
        keep = KeepUpload(app=conversation.app, upload_id=upload_id, file=file, sent_at=sent_at)
        await conversation.bus.send(keep)
        return Answer((upload_id,), " ".join(file.name.splitlines()))

    async def append(
        self, so_far: Answer, message: Message, command: AnyMessage, conversation: Conversation
    ) -> Answer:
        """Take one more file behind those that were sent; raises Unfit beyond the limit."""
        limit = most(command, self.name)
        if len(_ids(so_far)) >= limit:
            raise Unfit(screens.too_many_files(limit, conversation.say))
        new = await self.read(message, command, conversation)
        return Answer((*_ids(so_far), *_ids(new)), f"{so_far.label}\n{new.label}")

    def caption(self, answer: Answer, say: Texts) -> str:
        count = len(_ids(answer))
        return self.several(count, say) if count > 1 else self.label(say)

    def shown(self, answer: Answer, say: Texts) -> str:
        return ", ".join(map(self.shorten, answer.label.splitlines()))

    def _describe(self, message: Message, conversation: Conversation) -> TelegramFile:
        zone, say = conversation.person.time_zone, conversation.say
        if message.photo:
            return TelegramFile(
                kind="photo",
                file_id=message.photo[-1].file_id,
                name=self.photo_name(message.date, zone, say) + ".jpg",
                mime_type="image/jpeg",
                size=_size_of(message),
            )
        if message.document is None:
            raise Unfit(screens.wants_file(say))
        mime_type = _CONTROL.sub("", message.document.mime_type or "")
        name = _CONTROL.sub("", message.document.file_name or "")
        if not name:
            extension = mimetypes.guess_extension(mime_type) or ".bin"
            name = self.file_name(message.date, zone, say) + extension
        return TelegramFile(
            kind="document",
            file_id=message.document.file_id,
            name=name[-NAME_LIMIT:],
            mime_type=mime_type[:MIME_LIMIT],
            size=_size_of(message),
        )


def _ids(answer: Answer) -> tuple[str, ...]:
    assert isinstance(answer.value, tuple)
    return answer.value


def _size_of(message: Message) -> int:
    """Return bytes, 0 where Telegram does not say; of a photo, the largest size comes last."""
    sent = message.photo[-1] if message.photo else message.document
    return (sent.file_size or 0) if sent else 0
