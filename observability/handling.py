"""What all lines say while one message is handled: bound once, inherited, gone at the end."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import NamedTuple

from structlog.contextvars import bind_contextvars, clear_contextvars, get_contextvars

from observability.discretion import person_hash, shows_content
from observability.quotes import Words

SHORTEST_ID = 6
"""Digits: a shorter id, as a local run has them, stands in line numbers, too."""


class _Concealed(NamedTuple):
    """What lines must not quote."""

    ids: tuple[str, ...] = ()
    words: Words | None = None


_NOTHING = _Concealed()
_concealed: ContextVar[_Concealed] = ContextVar("concealed", default=_NOTHING)
_NUMBER = re.compile(rf"(?<![0-9])[0-9]{{{SHORTEST_ID},}}(?![0-9])")


@contextmanager
def handling(person_id: int | None = None, body: bytes = b"", **fields: str) -> Iterator[None]:
    """Have all lines in the block, and in tasks that it starts, say these fields.

    Empty ones are left out. A person's id stands there as `person`, its keyed hash, and errors are
    not to quote the body of the message. Whatever is bound inside the block ends with it.
    """
    before, concealed = get_contextvars(), _concealed.get()
    bind_contextvars(**{name: value for name, value in fields.items() if value})
    try:
        if body and not shows_content():
            _concealed.set(concealed._replace(words=Words(body)))
        if person_id:
            name_person(person_id)
        yield
    finally:
        clear_contextvars()
        bind_contextvars(**before)
        _concealed.set(concealed)


def name_person(person_id: int) -> None:
    """Have the lines of the present block say whom they are about, from now on."""
    if shows_content():
        bind_contextvars(person=person_hash(person_id), person_id=person_id)
        return
    if hashed := person_hash(person_id):
        bind_contextvars(person=hashed)
    concealed = _concealed.get()
    _concealed.set(concealed._replace(ids=(*concealed.ids, str(person_id))))


def without_words(said: str) -> str:
    """Return what an error says without words of the message in hand."""
    words = _concealed.get().words
    return words.cut_from(said) if words else said


def without_ids(text: str) -> str:
    """Return a text without the id of whom the present block is about, as errors may quote it."""
    ids = _concealed.get().ids
    if not ids:
        return text

    def conceal(found: re.Match[str]) -> str:
        number = found[0]
        return (person_hash(int(number)) or "***") if number in ids else number

    return _NUMBER.sub(conceal, text)
