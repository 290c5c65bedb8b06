"""What all lines say while one message is handled: inherited, gone at the end.

It is worked out when the first line is written: most messages have one line, and where the level
of lines is above it, none.
"""

import re
from collections.abc import Mapping
from contextvars import ContextVar, Token
from typing import Any

from observability.discretion import person_hash, shows_content
from observability.quotes import Words

SHORTEST_ID = 6
"""Digits: a shorter id, as a local run has them, stands in line numbers, too."""

_NUMBER = re.compile(rf"(?<![0-9])[0-9]{{{SHORTEST_ID},}}(?![0-9])")

Said = tuple[int | None, Mapping[str, Any]]
"""A person's id, and fields; empty ones are left out."""


class Handling:
    """Has all lines in a block, and in tasks that it starts, say what `read` returns."""

    __slots__ = ("_before", "_body", "_fields", "_ids", "_token", "_words", "is_read")

    def __init__(self, body: bytes = b"") -> None:
        self._body = body
        self.is_read = False
        """Whether a line has asked for it."""

    def read(self) -> Said:
        """Return whom and what lines are about; asked once, and only if there is a line."""
        raise NotImplementedError

    def __enter__(self) -> None:
        self._before = _present.get()
        self._token: Token[Handling | None] = _present.set(self)

    def __exit__(self, *ended: object) -> None:
        _present.reset(self._token)

    def add(self) -> None:
        """Have the lines of the present block, or task, say it from now on, too."""
        self._before = _present.get()
        # At once: a task that adds again and again keeps the last only.
        _present.set(self.worked_out())

    @property
    def fields(self) -> dict[str, Any]:
        """What lines say."""
        return self.worked_out()._fields

    @property
    def ids(self) -> tuple[str, ...]:
        """What lines must not quote."""
        return self.worked_out()._ids

    @property
    def words(self) -> Words | None:
        """What errors must not quote."""
        return self.worked_out()._words

    def worked_out(self) -> "Handling":
        """Ask what it is, once, and forget what was said before."""
        if self.is_read:
            return self
        before = self._before
        person_id, own = self.read()
        self._fields = {name: value for name, value in own.items() if value}
        self._ids: tuple[str, ...] = ()
        self._words: Words | None = None
        if before:
            self._fields = {**before.fields, **self._fields}
            self._ids, self._words = before._ids, before._words
        if person_id and (hashed := person_hash(person_id)):
            self._fields["person"] = hashed
        if person_id and shows_content():
            self._fields["person_id"] = person_id
        elif person_id:
            self._ids = (*self._ids, str(person_id))
        if self._body and not shows_content():
            self._words = Words(self._body)
        self.is_read, self._before = True, None
        return self


_present: ContextVar[Handling | None] = ContextVar("handling", default=None)


class _Given(Handling):
    """Of what is known already."""

    __slots__ = ("_person_id", "_said")

    def __init__(self, person_id: int | None, said: Mapping[str, Any], body: bytes = b"") -> None:
        super().__init__(body)
        self._person_id, self._said = person_id, said

    def read(self) -> Said:
        """Return what was given."""
        return self._person_id, self._said


def handling(person_id: int | None = None, body: bytes = b"", **fields: str) -> Handling:
    """Have all lines in the block, and in tasks that it starts, say these fields.

    Empty ones are left out. A person's id stands there as `person`, its keyed hash, and errors are
    not to quote the body of the message. Whatever is bound inside the block ends with it.
    """
    return _Given(person_id, fields, body)


def bind(**fields: Any) -> None:
    """Have the lines of the present block, or task, say these fields from now on."""
    _Given(None, fields).add()


def name_person(person_id: int) -> None:
    """Have the lines of the present block say whom they are about, from now on."""
    _Given(person_id, {}).add()


def said_by_all() -> Mapping[str, Any]:
    """Return the fields that lines of the present block have."""
    present = _present.get()
    return present.fields if present else {}


def unread() -> Handling | None:
    """Return the present block, as long as no line has said what it is about."""
    present = _present.get()
    return None if present is None or present.is_read else present


def without_words(said: str) -> str:
    """Return what an error says without words of the message in hand."""
    present = _present.get()
    return present.words.cut_from(said) if present and present.words else said


def has_words() -> bool:
    """Whether there is a message in hand whose words must not be said."""
    present = _present.get()
    return bool(present and present.words)


def ids_of_people() -> tuple[str, ...]:
    """Return the ids that lines must not quote in the present block."""
    present = _present.get()
    return present.ids if present else ()


def without_ids(text: str) -> str:
    """Return a text without the id of whom the present block is about, as errors may quote it."""
    ids = ids_of_people()
    if not ids:
        return text

    def conceal(found: re.Match[str]) -> str:
        number = found[0]
        return (person_hash(int(number)) or "***") if number in ids else number

    return _NUMBER.sub(conceal, text)
