"""Notices: what a chat is told unasked, with the urgency that orders it among others."""

from datetime import datetime
from typing import Annotated, Literal

from msgspec import Meta

from contracts.base import ChatId, Message
from contracts.screens import Screen

Urgency = Literal["answer", "reminder", "bulk"]


class Notice(Message, frozen=True, kw_only=True):
    """A screen on its way to a chat of a bot; it waits in a stream until Telegram has taken it.

    `key` makes it tellable once: two notices of one key to one chat are shown once.
    After `not_after` it is dropped and said so in the log.
    """

    app: str
    chat_id: ChatId
    screen: Screen
    key: Annotated[str, Meta(min_length=1, max_length=128)]
    urgency: Urgency = "answer"
    not_after: Annotated[datetime, Meta(tz=True)] | None = None


def subject_of_notice(notice: Notice) -> str:
    """Return the subject of a notice, e.g. `notice.answer.documents.1001`."""
    return f"notice.{notice.urgency}.{notice.app}.{notice.chat_id}"
