"""Updates: what Telegram sent to a bot, as it sent it."""

from typing import Any

import msgspec

from contracts.base import ChatId, Message


class TelegramUpdate(Message, frozen=True, kw_only=True):
    """One update of Telegram; on the wire it is `body` alone, the rest stands in the subject."""

    app: str
    chat_id: ChatId
    update_id: int
    body: dict[str, Any]


def subject_of_update(app: str, chat_id: ChatId) -> str:
    """Return the subject that updates of a chat are published to."""
    return f"update.{app}.{chat_id}"


def update_message_id(app: str, update_id: int) -> str:
    """Return the id of an update's message; all that it causes derives its ids from it."""
    return f"{app}-{update_id}"


def decode_body(payload: bytes) -> dict[str, Any]:
    """Return Telegram's JSON; raises msgspec.MsgspecError when it is none."""
    return msgspec.json.decode(payload, type=dict[str, Any])
