"""Notices: what a chat is told unasked, with the urgency that orders it among others."""

from datetime import datetime
from typing import Annotated, Literal

from msgspec import Meta, Struct

from contracts.base import ChatId, Event, Message
from contracts.screens import Screen

Urgency = Literal["answer", "reminder", "bulk"]

EndResult = Literal["told", "blocked", "deactivated", "refused", "too_late", "fate_unknown"]
"""How a notice ended. `blocked`: the person blocked the bot, left, or never started it;
`refused`: Telegram does not take what it says; `fate_unknown`: it may be in the chat or not."""

NoticeKey = Annotated[str, Meta(min_length=1, max_length=128)]
NoticeVersion = Annotated[int, Meta(ge=0)]
Receipt = Annotated[str, Meta(max_length=128)]

ENDS_AT_ONCE = 100
"""Ends in one `NoticesEnded`."""


class Notice(Message, frozen=True, kw_only=True):
    """A screen on its way to a chat of a bot; it waits in a stream until Telegram has taken it.

    `key` names a message of the chat. With version 0 it is told once, however often it is said.
    A version above the last shown edits the message that the key has (remembered for a week, or
    `message_id`, where the asker knows it; what file it has stays), another version is dropped.
    Without a screen it is withdrawn: the message is deleted. With version 0 the screen takes the
    place of message `message_id`, where Telegram lets that be edited; 0 sends a new one.
    After `not_after` it is dropped and said so in the log. Who gives a `receipt` hears how it ended
    by `NoticesEnded`.
    """

    app: str
    chat_id: ChatId
    screen: Screen | None
    key: NoticeKey
    version: NoticeVersion = 0
    urgency: Urgency = "answer"
    not_after: Annotated[datetime, Meta(tz=True)] | None = None
    message_id: int = 0
    receipt: Receipt = ""


class NoticeEnd(Struct, frozen=True, kw_only=True):
    """How one notice ended; `message_id` shows it, 0 where that is not known.

    `reason` is what Telegram said of what it did not take.
    """

    app: str
    chat_id: ChatId
    key: NoticeKey
    version: NoticeVersion
    receipt: Receipt
    result: EndResult
    message_id: int = 0
    reason: Annotated[str, Meta(max_length=300)] = ""


class NoticesEnded(Event, frozen=True, kw_only=True):
    """How notices ended whose receipts were asked for, several where many end at once.

    An end may come again, in other company: whoever hears it takes it once.
    """

    ends: Annotated[tuple[NoticeEnd, ...], Meta(min_length=1, max_length=ENDS_AT_ONCE)]


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
