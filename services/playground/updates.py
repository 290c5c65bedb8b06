"""The queue of updates of each bot: numbered upwards, kept until confirmed or too old."""

import sqlite3
import time
from collections import defaultdict
from dataclasses import dataclass
from typing import Any

from services.playground.database import transaction
from services.playground.json_text import from_json_text, to_json_text
from services.playground.signals import Signal

LIFETIME = 24 * 60 * 60.0
CALLBACK_QUERY_LIFETIME = 150.0
# Telegram sends these only to bots that ask for them by name.
NOT_SENT_BY_DEFAULT = frozenset({"chat_member", "message_reaction", "message_reaction_count"})


@dataclass(frozen=True)
class PendingUpdate:
    """An update not yet confirmed; `content` is Telegram's Update object."""

    id: int
    person_id: int
    content: dict[str, Any]


class Updates:
    """Every bot's queue; `arrived[bot_id]` fires when something was added to it."""

    def __init__(self, db: sqlite3.Connection) -> None:
        self._db = db
        self.arrived: defaultdict[int, Signal] = defaultdict(Signal)

    def push(self, bot_id: int, person_id: int, kind: str, content: Any) -> int | None:
        """Queue an update of a kind (`message`, ...) unless the bot does not want that kind.

        Returns its id.
        """
        if not self._wanted(bot_id, kind):
            return None
        lifetime = CALLBACK_QUERY_LIFETIME if kind == "callback_query" else LIFETIME
        with transaction(self._db):
            (following,) = self._db.execute(
                "UPDATE bots SET next_update_id = next_update_id + 1 WHERE id = ?"
                " RETURNING next_update_id",
                (bot_id,),
            ).fetchone()
            update = {"update_id": following - 1, kind: content}
            self._db.execute(
                "INSERT INTO updates VALUES (?, ?, ?, ?, ?)",
                (bot_id, following - 1, person_id, to_json_text(update), time.time() + lifetime),
            )
        self.arrived[bot_id].fire()
        return int(following) - 1

    def allowed(self, bot_id: int) -> list[str] | None:
        """The kinds the bot asked for; None: the default ones."""
        (text,) = self._db.execute(
            "SELECT allowed_updates FROM bots WHERE id = ?", (bot_id,)
        ).fetchone()
        return from_json_text(text) if text else None

    def allow(self, bot_id: int, kinds: list[str] | None) -> None:
        """Remember which kinds the bot asks for; an empty list means the default ones."""
        text = to_json_text(kinds) if kinds else None
        self._db.execute("UPDATE bots SET allowed_updates = ? WHERE id = ?", (text, bot_id))

    def _wanted(self, bot_id: int, kind: str) -> bool:
        allowed = self.allowed(bot_id)
        return kind in allowed if allowed else kind not in NOT_SENT_BY_DEFAULT

    def pending(self, bot_id: int, limit: int) -> list[PendingUpdate]:
        """The oldest unconfirmed updates; those past their time are forgotten first."""
        self._db.execute("DELETE FROM updates WHERE expires_at < ?", (time.time(),))
        rows = self._db.execute(
            "SELECT * FROM updates WHERE bot_id = ? ORDER BY update_id LIMIT ?", (bot_id, limit)
        )
        return [
            PendingUpdate(row["update_id"], row["person_id"], from_json_text(row["content"]))
            for row in rows
        ]

    def count(self, bot_id: int) -> int:
        """How many updates wait."""
        (count,) = self._db.execute(
            "SELECT count(*) FROM updates WHERE bot_id = ?", (bot_id,)
        ).fetchone()
        return int(count)

    def confirm(self, bot_id: int, update_id: int) -> None:
        """Forget one update: the webhook took it."""
        self._db.execute(
            "DELETE FROM updates WHERE bot_id = ? AND update_id = ?", (bot_id, update_id)
        )

    def confirm_below(self, bot_id: int, offset: int) -> None:
        """Forget what getUpdates confirmed: everything below a positive offset, all but the
        last -n for a negative one. An offset from the future confirms nothing:
        it comes from another Telegram.
        """
        if offset < 0:
            self._db.execute(
                "DELETE FROM updates WHERE bot_id = ?1 AND update_id NOT IN (SELECT update_id"
                " FROM updates WHERE bot_id = ?1 ORDER BY update_id DESC LIMIT ?2)",
                (bot_id, -offset),
            )
        elif offset > 0:
            self._db.execute(
                "DELETE FROM updates WHERE bot_id = ?1 AND update_id < ?2"
                " AND ?2 <= (SELECT next_update_id FROM bots WHERE id = ?1)",
                (bot_id, offset),
            )

    def drop(self, bot_id: int) -> None:
        """Forget everything that waits (`drop_pending_updates`)."""
        self._db.execute("DELETE FROM updates WHERE bot_id = ?", (bot_id,))

    def close(self) -> None:
        """End every held poll."""
        for signal in self.arrived.values():
            signal.close()
