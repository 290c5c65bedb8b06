"""The commands menu of each bot, by scope and language."""

import sqlite3

from aiogram.types import BotCommand, BotCommandScopeUnion, User

from services.playground.json_text import from_json_text, to_json_text

DEFAULT_SCOPE = '{"type": "default"}'
PRIVATE_SCOPE = '{"type": "all_private_chats"}'


class Commands:
    """What setMyCommands left here."""

    def __init__(self, db: sqlite3.Connection) -> None:
        self._db = db

    def set(
        self,
        bot_id: int,
        scope: BotCommandScopeUnion | None,
        language_code: str | None,
        commands: list[BotCommand],
    ) -> None:
        """Replace the menu of one scope and language."""
        self._db.execute(
            "INSERT OR REPLACE INTO commands VALUES (?, ?, ?, ?)",
            (bot_id, _text(scope), language_code or "", to_json_text(commands)),
        )

    def get(
        self, bot_id: int, scope: BotCommandScopeUnion | None, language_code: str | None
    ) -> list[BotCommand]:
        """The menu of exactly that scope and language."""
        return self._find(bot_id, _text(scope), language_code or "") or []

    def delete(
        self, bot_id: int, scope: BotCommandScopeUnion | None, language_code: str | None
    ) -> None:
        """Forget the menu of that scope and language."""
        self._db.execute(
            "DELETE FROM commands WHERE bot_id = ? AND scope = ? AND language_code = ?",
            (bot_id, _text(scope), language_code or ""),
        )

    def shown_to(self, bot_id: int, person: User) -> list[BotCommand]:
        """The menu a person sees: the narrowest scope first, in each their language first."""
        own_chat = to_json_text({"type": "chat", "chat_id": person.id})
        for scope in (own_chat, PRIVATE_SCOPE, DEFAULT_SCOPE):
            for language_code in (person.language_code or "", ""):
                if found := self._find(bot_id, scope, language_code):
                    return found
        return []

    def _find(self, bot_id: int, scope: str, language_code: str) -> list[BotCommand] | None:
        row = self._db.execute(
            "SELECT commands FROM commands WHERE bot_id = ? AND scope = ? AND language_code = ?",
            (bot_id, scope, language_code),
        ).fetchone()
        return [BotCommand(**command) for command in from_json_text(row[0])] if row else None


def _text(scope: BotCommandScopeUnion | None) -> str:
    if scope is None:
        return DEFAULT_SCOPE
    # The type is a default of each scope's class, so it does not count as set.
    return to_json_text({"type": scope.type} | scope.model_dump(exclude={"type"}))
