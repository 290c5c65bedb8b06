"""The bots this Telegram knows: who they are, and the token each proves it with."""

import secrets
import sqlite3
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from aiogram.types import User
from aiogram.utils.token import extract_bot_id

FIRST_UPDATE_IDS = 2**30
"""Telegram begins somewhere by chance, too; a fixed number would repeat the ids of chats that were
forgotten here, while whoever handled them remembers them as done."""


@dataclass(frozen=True)
class Bot:
    """One bot; the token stays out of every representation."""

    id: int
    app: str
    token: str = field(repr=False)

    @property
    def user(self) -> User:
        """The bot as the author of its messages."""
        return User(
            id=self.id,
            is_bot=True,
            first_name=self.app.replace("_", " ").capitalize(),
            username=f"{self.app}_bot",
        )


class Bots:
    """The bots given in the settings, by token and by app name."""

    def __init__(self, db: sqlite3.Connection, tokens: Mapping[str, str]) -> None:
        self._by_app = {
            app: Bot(extract_bot_id(token), app, token) for app, token in tokens.items()
        }
        self._by_token = {bot.token: bot for bot in self._by_app.values()}
        if len({bot.id for bot in self._by_app.values()}) != len(self._by_app):
            raise ValueError("two bots of the playground share one id: give each its own token")
        for bot in self._by_app.values():
            db.execute(
                "INSERT INTO bots (id, next_update_id) VALUES (?, ?) ON CONFLICT DO NOTHING",
                (bot.id, 1 + secrets.randbelow(FIRST_UPDATE_IDS)),
            )

    def __iter__(self) -> Iterator[Bot]:
        return iter(self._by_app.values())

    def with_token(self, token: str) -> Bot | None:
        """The bot a request speaks for."""
        return self._by_token.get(token)

    def named(self, app: str) -> Bot | None:
        """The bot of an app, also by its username."""
        return self._by_app.get(app) or self._by_app.get(app.removesuffix("_bot"))
