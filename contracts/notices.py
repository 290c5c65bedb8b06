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
    After `not_after` it is dropped and said so in the log. It takes the place of message
    `message_id`, where Telegram lets that be edited; 0 sends a new one.
    """

    app: str
    chat_id: ChatId
    screen: Screen
    key: Annotated[str, Meta(min_length=1, max_length=128)]
    urgency: Urgency = "answer"
    not_after: Annotated[datetime, Meta(tz=True)] | None = None
    message_id: int = 0


class CommandBuried(Message, frozen=True, kw_only=True):
    """What somebody asked for cannot be done: a mistake of ours, found under `code`.

    Whoever buries the command sends it the way of the notices; `key` is the command's id.
    """

    app: str
    chat_id: ChatId
    code: str
    key: Annotated[str, Meta(min_length=1, max_length=160)]
    urgency: Urgency = "answer"


def subject_of_notice(notice: Notice | CommandBuried) -> str:
    """Return the subject of a notice, e.g. `notice.answer.documents.1001`."""
    return f"notice.{notice.urgency}.{notice.app}.{notice.chat_id}"
