"""The field that takes a file or photo: it is kept from the moment it is sent."""

import mimetypes
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from aiogram.types import Message

from contracts.files import DOWNLOAD_LIMIT, KeepUpload, TelegramFile
from screens import forms as screens
from screens.texts import Texts
from services.bot.conversation import Conversation
from services.bot.forms.fields import AnyMessage, Field
from services.bot.forms.limits import Unfit
from services.bot.forms.state import Answer

NameByTime = Callable[[datetime, str, Texts], str]
"""Names a file that came without a name: when it was sent, the zone of that clock, the words."""

NAME_LIMIT = 255
MIME_LIMIT = 127


@dataclass(frozen=True, kw_only=True)
class Upload(Field):
    """A document or photo; the answer is the id under which its bytes are kept."""

    photo_name: NameByTime
    file_name: NameByTime

    async def read(
        self, message: Message, command: AnyMessage, conversation: Conversation
    ) -> Answer:
        size = _size_of(message)
        if size > DOWNLOAD_LIMIT:
            raise Unfit(screens.file_too_large(size, DOWNLOAD_LIMIT, conversation.say))
        file = self._describe(message, conversation)
        upload_id = conversation.new_id()
        keep = KeepUpload(app=conversation.app, upload_id=upload_id, file=file)
        await conversation.bus.send(keep)
        return Answer(upload_id, file.name)

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
        mime_type = message.document.mime_type or ""
        name = message.document.file_name
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


def _size_of(message: Message) -> int:
    """Return bytes, 0 where Telegram does not say; of a photo, the largest size comes last."""
    sent = message.photo[-1] if message.photo else message.document
    return (sent.file_size or 0) if sent else 0
