"""Presses of inline buttons that wait for the bot's answer."""

import secrets
import sqlite3
import time
from dataclasses import dataclass

from services.playground.chats import ChatKey
from services.playground.updates import CALLBACK_QUERY_LIFETIME


@dataclass(frozen=True)
class Press:
    """Where a button was pressed."""

    chat: ChatKey
    message_id: int


class CallbackQueries:
    """Every press can be answered once, and not for long."""

    def __init__(self, db: sqlite3.Connection) -> None:
        self._db = db

    def ask(self, press: Press) -> str:
        """Remember a press; returns the id of the query."""
        query_id = secrets.randbits(62)
        too_old = time.time() - CALLBACK_QUERY_LIFETIME
        self._db.execute("DELETE FROM callback_queries WHERE asked_at < ?", (too_old,))
        self._db.execute(
            "INSERT INTO callback_queries (id, bot_id, person_id, message_id, asked_at)"
            " VALUES (?, ?, ?, ?, ?)",
            (query_id, *press.chat, press.message_id, time.time()),
        )
        return str(query_id)

    def take(self, bot_id: int, query_id: str) -> Press | None:
        """The press behind a query id; None if unknown, too old or answered before."""
        row = self._db.execute(
            "UPDATE callback_queries SET answered = 1"
            " WHERE id = ? AND bot_id = ? AND NOT answered AND asked_at > ? RETURNING *",
            (query_id, bot_id, time.time() - CALLBACK_QUERY_LIFETIME),
        ).fetchone()
        return Press(ChatKey(bot_id, row["person_id"]), row["message_id"]) if row else None
