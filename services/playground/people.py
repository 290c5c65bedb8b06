"""The people who chat with the bots."""

import sqlite3

from aiogram.types import Chat, User

FIRST_PEOPLE = (
    User(id=1001, is_bot=False, first_name="Anna", username="anna", language_code="en"),
    User(id=1002, is_bot=False, first_name="Борис", username="boris", language_code="ru"),
)


class People:
    """Everybody who has an account here; at the first start there are two."""

    def __init__(self, db: sqlite3.Connection) -> None:
        self._db = db
        if not self.all():
            for person in FIRST_PEOPLE:
                self._insert(person)

    def all(self) -> list[User]:
        """Everybody, in the order of their ids."""
        return [_user(row) for row in self._db.execute("SELECT * FROM people ORDER BY id")]

    def get(self, person_id: int) -> User | None:
        """The person with that id."""
        row = self._db.execute("SELECT * FROM people WHERE id = ?", (person_id,)).fetchone()
        return _user(row) if row else None

    def add(self, first_name: str, language_code: str, username: str | None = None) -> User:
        """Give somebody an account with the next free id."""
        (last,) = self._db.execute("SELECT coalesce(max(id), 1000) FROM people").fetchone()
        person = User(
            id=last + 1,
            is_bot=False,
            first_name=first_name,
            username=username,
            language_code=language_code,
        )
        self._insert(person)
        return person

    def _insert(self, person: User) -> None:
        self._db.execute(
            "INSERT INTO people (id, first_name, username, language_code) VALUES (?, ?, ?, ?)",
            (person.id, person.first_name, person.username, person.language_code),
        )


def private_chat(person: User) -> Chat:
    """The chat of a person with any bot: Telegram numbers it by the person."""
    return Chat(
        id=person.id,
        type="private",
        first_name=person.first_name,
        last_name=person.last_name,
        username=person.username,
    )


def _user(row: sqlite3.Row) -> User:
    return User(
        id=row["id"],
        is_bot=False,
        first_name=row["first_name"],
        last_name=row["last_name"],
        username=row["username"],
        language_code=row["language_code"],
    )
