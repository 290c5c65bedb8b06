"""An update as the gateway sees it: whose it is; all else passes through as Telegram wrote it."""

from contextlib import AbstractContextManager
from typing import Protocol

import msgspec

from contracts.updates import update_message_id
from observability.handling import handling

ALLOWED_UPDATES = ("message", "callback_query", "my_chat_member")
"""What bots here handle; Telegram sends nothing else."""


class UpdatePublisher(Protocol):
    """Where updates go."""

    async def publish_update(self, app: str, chat_id: int, update_id: int, body: bytes) -> None:
        """Return once a stream has the update; raise when none took it in time."""


class _Id(msgspec.Struct):
    id: int


class _Pressed(msgspec.Struct):
    chat: _Id | None = None


class _Part(msgspec.Struct, rename={"sender": "from"}):
    """A message, a pressed button or a changed membership."""

    chat: _Id | None = None
    message: _Pressed | None = None
    sender: _Id | None = None

    @property
    def chat_id(self) -> int:
        chat = self.chat or (self.message and self.message.chat) or self.sender
        return chat.id if chat else 0


class Update(msgspec.Struct):
    """The part of an update that decides its subject."""

    update_id: int
    message: _Part | None = None
    callback_query: _Part | None = None
    my_chat_member: _Part | None = None

    @property
    def chat_id(self) -> int:
        """The chat whose updates are handled in order; 0 for an update without one."""
        return self._part.chat_id if self._part else 0

    @property
    def person_id(self) -> int | None:
        """Who wrote, pressed, or blocked the bot, else whose private chat it is."""
        if self._part and self._part.sender:
            return self._part.sender.id
        return self.chat_id if self.chat_id > 0 else None

    @property
    def kind(self) -> str:
        """Which of them it is; empty for an update without one."""
        return next((kind for kind in ALLOWED_UPDATES if getattr(self, kind)), "")

    @property
    def _part(self) -> _Part | None:
        return self.message or self.callback_query or self.my_chat_member


_decoder = msgspec.json.Decoder(Update)


def read_update(app: str, body: bytes) -> Update:
    """Read of an update's JSON all that publishing it takes.

    Raises msgspec.MsgspecError (also for what is no JSON).
    """
    update_message_id(app, body)  # made anew for publishing; here it is found out whether it can be
    return _decoder.decode(body)


def taking(app: str, update: Update, body: bytes) -> AbstractContextManager[None]:
    """Have all lines of the block say which update of whom is taken."""
    return handling(update.person_id, body, app=app, kind=update.kind)
