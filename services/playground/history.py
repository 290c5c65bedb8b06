"""What stands in the chats, and what changed there since when."""

import sqlite3
from dataclasses import dataclass

from aiogram.types import Message

from services.playground.chats import ChatKey


@dataclass(frozen=True)
class Change:
    """A message that was posted, edited or (`message` is None) deleted."""

    message_id: int
    new: bool
    message: Message | None
    media_group_id: str | None


class History:
    """The messages of all chats, to read."""

    def __init__(self, db: sqlite3.Connection) -> None:
        self._db = db

    def message(self, key: ChatKey, message_id: int) -> Message | None:
        """The message with that id, if it is in this chat and not deleted."""
        found = self._standing(key, "message_id = ?", message_id)
        return found[0] if found else None

    def all(self, key: ChatKey) -> list[Message]:
        """Everything that stands in the chat, oldest first."""
        return self._standing(key, "TRUE")

    def album(self, key: ChatKey, media_group_id: str) -> list[Message]:
        """What stands of one album."""
        return self._standing(key, "media_group_id = ?", media_group_id)

    def latest(self, key: ChatKey, limit: int, before: int | None = None) -> list[Message]:
        """The newest messages (below an id), oldest first; an album is never cut."""
        (oldest,) = self._db.execute(
            "SELECT min(message_id) FROM (SELECT message_id FROM messages"
            " WHERE bot_id = ?1 AND person_id = ?2 AND content IS NOT NULL"
            " AND (?3 IS NULL OR message_id < ?3) ORDER BY message_id DESC LIMIT ?4)",
            (*key, before, limit),
        ).fetchone()
        if oldest is None:
            return []
        end = before if before is not None else 1 << 62
        found = self._standing(key, "message_id >= ? AND message_id < ?", oldest, end)
        if group := found[0].media_group_id:
            missing = [m for m in self.album(key, group) if m.message_id < oldest]
            return missing + found
        return found

    def last(self, key: ChatKey) -> Message | None:
        """The newest message that stands in the chat."""
        found = self.latest(key, 1)
        return found[-1] if found else None

    def changes(self, key: ChatKey, after: int) -> list[Change]:
        """What happened to messages after a revision, ordered by message id."""
        rows = self._db.execute(
            "SELECT * FROM messages WHERE bot_id = ? AND person_id = ? AND revision > ?"
            " ORDER BY message_id",
            (*key, after),
        )
        return [
            Change(
                row["message_id"],
                new=row["posted_at_revision"] > after,
                message=Message.model_validate_json(row["content"]) if row["content"] else None,
                media_group_id=row["media_group_id"],
            )
            for row in rows
        ]

    def _standing(self, key: ChatKey, condition: str, *values: object) -> list[Message]:
        rows = self._db.execute(
            "SELECT content FROM messages"  # noqa: S608 - the conditions are written above
            " WHERE bot_id = ? AND person_id = ?"
            f" AND content IS NOT NULL AND {condition} ORDER BY message_id",
            (*key, *values),
        )
        return [Message.model_validate_json(row["content"]) for row in rows]
