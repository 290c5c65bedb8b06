"""Updates: what Telegram sent to a bot, as it sent it."""

import hashlib
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


class _Numbered(msgspec.Struct, frozen=True, kw_only=True):
    """A message of Telegram, as far as it tells one update from another."""

    message_id: int = 0
    date: int = 0


class _Pressed(msgspec.Struct, frozen=True, kw_only=True):
    """A press on a button, as far as it tells one update from another."""

    id: str = ""
    message: _Numbered | None = None


class _Identity(msgspec.Struct, frozen=True, kw_only=True):
    """What makes an update itself."""

    update_id: int
    message: _Numbered | None = None
    callback_query: _Pressed | None = None
    my_chat_member: _Numbered | None = None


_identity = msgspec.json.Decoder(_Identity)


def update_message_id(app: str, body: bytes) -> str:
    """Return the id of an update's message, e.g. `documents-917-0c5f4a1e`.

    All that the update causes derives its ids from it. The last part tells apart updates of one
    number: a Bot API server of a test begins anew, while we remember what its last run sent.

    Raises msgspec.MsgspecError for what is no update.
    """
    identity = _identity.decode(body)
    digest = hashlib.blake2s(msgspec.json.encode(identity), digest_size=4).hexdigest()
    return f"{app}-{identity.update_id}-{digest}"


def decode_body(payload: bytes) -> dict[str, Any]:
    """Return Telegram's JSON; raises msgspec.MsgspecError when it is none."""
    return msgspec.json.decode(payload, type=dict[str, Any])
