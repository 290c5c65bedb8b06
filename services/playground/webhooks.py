"""Where each bot wants its updates delivered, and how the last delivery went."""

import sqlite3
from dataclasses import asdict, dataclass

from services.playground.json_text import from_json_text, to_json_text


@dataclass(frozen=True)
class Webhook:
    """What setWebhook said; the last error is a Unix time and a text."""

    url: str
    secret_token: str | None
    max_connections: int
    last_error_date: int | None = None
    last_error_message: str | None = None


class Webhooks:
    """The webhook of each bot that has one."""

    def __init__(self, db: sqlite3.Connection) -> None:
        self._db = db

    def get(self, bot_id: int) -> Webhook | None:
        """The bot's webhook; None while it polls."""
        (text,) = self._db.execute("SELECT webhook FROM bots WHERE id = ?", (bot_id,)).fetchone()
        return Webhook(**from_json_text(text)) if text else None

    def set(self, bot_id: int, webhook: Webhook | None) -> None:
        """Deliver there from now on, or nowhere."""
        text = to_json_text(asdict(webhook)) if webhook else None
        self._db.execute("UPDATE bots SET webhook = ? WHERE id = ?", (text, bot_id))
