"""Private chats: every change of one, and what the bots answered to presses."""

import sqlite3
from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple

from aiogram.types import Message

from services.playground.database import transaction
from services.playground.json_text import from_json_text, to_json_text
from services.playground.signals import Signal


class ChatKey(NamedTuple):
    """A private chat. The person's id alone would be shared by all bots."""

    bot_id: int
    person_id: int


@dataclass(frozen=True)
class Keyboard:
    """What a bot put under the input field: its markup as JSON, the message it came with."""

    message_id: int
    markup: dict[str, object]


@dataclass(frozen=True)
class ChatState:
    """`revision` grows with every change of the chat, whatever it was."""

    revision: int
    blocked: bool
    keyboard: Keyboard | None
    read_up_to: int = 0  # the id of the newest message that the person has seen


@dataclass(frozen=True)
class CallbackAnswer:
    """What a bot answered to a press: a toast, or an alert to be closed by hand."""

    revision: int
    message_id: int
    text: str
    alert: bool


class Chats:
    """All private chats; `changed` fires after every change of any of them."""

    def __init__(self, db: sqlite3.Connection) -> None:
        self._db = db
        self.changed = Signal()

    def state(self, key: ChatKey) -> ChatState | None:
        """Where the chat stands; None when the person never turned to the bot."""
        row = self._db.execute(
            "SELECT * FROM chats WHERE bot_id = ? AND person_id = ?", key
        ).fetchone()
        if row is None:
            return None
        keyboard = Keyboard(**from_json_text(row["keyboard"])) if row["keyboard"] else None
        return ChatState(row["revision"], bool(row["blocked"]), keyboard, row["read_up_to"])

    def open(self, key: ChatKey) -> ChatState:
        """Where the chat stands, begun if need be."""
        self._db.execute(
            "INSERT INTO chats (bot_id, person_id) VALUES (?, ?) ON CONFLICT DO NOTHING", key
        )
        state = self.state(key)
        assert state is not None
        return state

    def post(self, key: ChatKey, build: Callable[[int], Message]) -> Message:
        """Add the message that `build` makes for the next free message id."""
        with transaction(self._db):
            (following,) = self._db.execute(
                "UPDATE bots SET next_message_id = next_message_id + 1 WHERE id = ?"
                " RETURNING next_message_id",
                (key.bot_id,),
            ).fetchone()
            message = build(following - 1)
            revision = self._next_revision(key)
            self._db.execute(
                "INSERT INTO messages (bot_id, person_id, message_id, posted_at_revision,"
                " revision, content, media_group_id) VALUES (?, ?, ?, ?, ?, ?, ?)",
                (
                    *key,
                    following - 1,
                    revision,
                    revision,
                    to_json_text(message),
                    message.media_group_id,
                ),
            )
        return message

    def replace(self, key: ChatKey, message: Message) -> None:
        """Put an edited message in the place of the one with its id."""
        self._rewrite(key, message.message_id, to_json_text(message))

    def delete(self, key: ChatKey, message_id: int) -> None:
        """Take a message out of the chat."""
        self._rewrite(key, message_id, None)

    def _rewrite(self, key: ChatKey, message_id: int, content: str | None) -> None:
        with transaction(self._db):
            self._db.execute(
                "UPDATE messages SET content = ?, revision = ? WHERE bot_id = ? AND message_id = ?",
                (content, self._next_revision(key), key.bot_id, message_id),
            )

    def set_keyboard(self, key: ChatKey, keyboard: Keyboard | None) -> None:
        """Show another keyboard under the input field, or none."""
        content = to_json_text(vars(keyboard)) if keyboard else None
        self._change(
            key, "UPDATE chats SET keyboard = ? WHERE bot_id = ? AND person_id = ?", content
        )

    def set_blocked(self, key: ChatKey, blocked: bool) -> None:
        """The person stops the bot, or lets it write again."""
        self._change(
            key, "UPDATE chats SET blocked = ? WHERE bot_id = ? AND person_id = ?", blocked
        )

    def _change(self, key: ChatKey, statement: str, value: str | bool | None) -> None:
        with transaction(self._db):
            self._db.execute(statement, (value, *key))
            self._next_revision(key)

    def mark_read(self, key: ChatKey, message_id: int) -> None:
        """The person has seen everything up to that message; no change that a bot could see."""
        cursor = self._db.execute(
            "UPDATE chats SET read_up_to = ?3"
            " WHERE bot_id = ?1 AND person_id = ?2 AND read_up_to < ?3",
            (*key, message_id),
        )
        if cursor.rowcount:
            self.changed.fire()

    def unread(self) -> dict[ChatKey, int]:
        """How many messages of its bot nobody has seen yet, of every chat that has any."""
        rows = self._db.execute(
            "SELECT bot_id, person_id, (SELECT count(*) FROM messages"
            "  WHERE bot_id = chats.bot_id AND person_id = chats.person_id"
            "  AND message_id > read_up_to AND json_extract(content, '$.from.is_bot')) AS unread"
            " FROM chats WHERE unread > 0"
        )
        return {ChatKey(row["bot_id"], row["person_id"]): row["unread"] for row in rows}

    def add_answer(self, key: ChatKey, message_id: int, text: str, alert: bool) -> None:
        """Remember what the bot answered to a press of a button of that message."""
        with transaction(self._db):
            self._db.execute(
                "INSERT INTO callback_answers VALUES (?, ?, ?, ?, ?, ?)",
                (*key, self._next_revision(key), message_id, text, alert),
            )

    def answers(self, key: ChatKey, after: int = 0) -> list[CallbackAnswer]:
        """Answers to presses since a revision, oldest first."""
        rows = self._db.execute(
            "SELECT revision, message_id, text, alert FROM callback_answers"
            " WHERE bot_id = ? AND person_id = ? AND revision > ? ORDER BY revision",
            (*key, after),
        )
        return [
            CallbackAnswer(row["revision"], row["message_id"], row["text"], bool(row["alert"]))
            for row in rows
        ]

    def _next_revision(self, key: ChatKey) -> int:
        (revision,) = self._db.execute(
            "UPDATE chats SET revision = revision + 1 WHERE bot_id = ? AND person_id = ?"
            " RETURNING revision",
            key,
        ).fetchone()
        self.changed.fire()
        return int(revision)
