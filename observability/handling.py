"""What all lines say while one message is handled: inherited, gone at the end.

It is worked out when the first line is written: most messages have one line, and where the level
of lines is above it, none.
"""

import re
from collections.abc import Callable, Mapping
from contextvars import ContextVar, Token
from typing import Any

from structlog.contextvars import bind_contextvars, clear_contextvars, get_contextvars

from observability.discretion import person_hash, shows_content
from observability.quotes import Words

SHORTEST_ID = 6
"""Digits: a shorter id, as a local run has them, stands in line numbers, too."""

_NUMBER = re.compile(rf"(?<![0-9])[0-9]{{{SHORTEST_ID},}}(?![0-9])")

Said = tuple[int | None, Mapping[str, Any]]
"""A person's id, and fields; empty ones are left out."""


class _Saying:
    """What lines say from some point on: what they said before, and more."""

    __slots__ = ("_before", "_body", "_fields", "_ids", "_words", "is_read", "read")

    def __init__(self, before: "_Saying | None", read: Callable[[], Said], body: bytes) -> None:
        self.read = read
        self.is_read = False
        """Whether a line has asked for it."""
        self._before = before
        self._body = body
        self._fields: dict[str, Any] = {}
        self._ids: tuple[str, ...] = ()
        self._words: Words | None = None

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

    def worked_out(self) -> "_Saying":
        """Ask what it is, once, and forget what was said before."""
        if self.is_read:
            return self
        if before := self._before:
            self._fields, self._ids, self._words = dict(before.fields), before.ids, before.words
        person_id, own = self.read()
        self._fields |= {name: value for name, value in own.items() if value}
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


_saying: ContextVar[_Saying | None] = ContextVar("saying", default=None)


class Handling:
    """Has all lines in the block, and in tasks that it starts, say what `read` returns."""

    __slots__ = ("_body", "_read", "_token")

    def __init__(self, read: Callable[[], Said], body: bytes = b"") -> None:
        self._read = read
        self._body = body

    def __enter__(self) -> None:
        self._token: Token[_Saying | None] = _saying.set(
            _Saying(_saying.get(), self._read, self._body)
        )

    def __exit__(self, *ended: object) -> None:
        _saying.reset(self._token)


class _HandlingWithOthers(Handling):
    """Ends also what was bound by structlog inside the block."""

    __slots__ = ("_bound",)

    def __enter__(self) -> None:
        self._bound = get_contextvars()
        super().__enter__()

    def __exit__(self, *ended: object) -> None:
        super().__exit__(*ended)
        if get_contextvars() != self._bound:
            clear_contextvars()
            bind_contextvars(**self._bound)


def handling(person_id: int | None = None, body: bytes = b"", **fields: str) -> Handling:
    """Have all lines in the block, and in tasks that it starts, say these fields.

    Empty ones are left out. A person's id stands there as `person`, its keyed hash, and errors are
    not to quote the body of the message. Whatever is bound inside the block ends with it.
    """
    return _HandlingWithOthers(lambda: (person_id, fields), body)


def bind(**fields: Any) -> None:
    """Have the lines of the present block, or task, say these fields from now on."""
    _add(None, fields)


def name_person(person_id: int) -> None:
    """Have the lines of the present block say whom they are about, from now on."""
    _add(person_id, {})


def _add(person_id: int | None, fields: dict[str, Any]) -> None:
    # At once: a task that adds again and again keeps the last only.
    _saying.set(_Saying(_saying.get(), lambda: (person_id, fields), b"").worked_out())


def said_by_all() -> Mapping[str, Any]:
    """Return the fields that lines of the present block have."""
    saying = _saying.get()
    return saying.fields if saying else {}


def unread() -> Callable[[], Said] | None:
    """Return what the present block is to say, as long as no line has said it."""
    saying = _saying.get()
    return None if saying is None or saying.is_read else saying.read


def without_words(said: str) -> str:
    """Return what an error says without words of the message in hand."""
    saying = _saying.get()
    return saying.words.cut_from(said) if saying and saying.words else said


def has_words() -> bool:
    """Whether there is a message in hand whose words must not be said."""
    saying = _saying.get()
    return bool(saying and saying.words)


def ids_of_people() -> tuple[str, ...]:
    """Return the ids that lines must not quote in the present block."""
    saying = _saying.get()
    return saying.ids if saying else ()


def without_ids(text: str) -> str:
    """Return a text without the id of whom the present block is about, as errors may quote it."""
    ids = ids_of_people()
    if not ids:
        return text

    def conceal(found: re.Match[str]) -> str:
        number = found[0]
        return (person_hash(int(number)) or "***") if number in ids else number

    return _NUMBER.sub(conceal, text)
