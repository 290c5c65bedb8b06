"""What people type is held against the limits of the contract, and told which one it breaks."""

import typing
import unicodedata
from typing import Any

import msgspec
from msgspec.inspect import StrType, Type, UnionType, VarTupleType, type_info

from contracts.base import Message
from screens import forms as screens
from screens.texts import Texts
from services.bot.forms.state import Answer


class Unfit(Exception):
    """What a person sent is no answer; the message says why, as HTML in their language."""


class Unclear(Unfit):
    """What a person sent may mean several things: those to choose from are `answers`.

    A field with buttons of its own shows those of `view` below.
    """

    def __init__(self, reason: str, answers: tuple[Answer, ...], view: int = 0) -> None:
        super().__init__(reason)
        self.answers = answers
        self.view = view


def fit(
    text: str, message_type: type[Message], field: str, say: Texts, *, lines: bool = False
) -> str:
    """Return the text, tidied, if it can be the field of a message; raises Unfit."""
    kind = _kind_of(message_type, field)
    text = "\n".join(map(tidy, text.splitlines())) if lines else tidy(text)
    limits = _limits(type_info(kind))
    if limits.max_length is not None and len(text) > limits.max_length:
        raise Unfit(screens.too_long(len(text), limits.max_length, say))
    if limits.min_length is not None and len(text) < limits.min_length:
        raise Unfit(screens.too_short(limits.min_length, say))
    if not _converts(text, kind):
        raise Unfit(screens.wants_text(say))
    return text


def cut(text: str, message_type: type[Message], field: str) -> str:
    """Return the text, tidied and cut to the field's limit; empty if it cannot be the field."""
    kind = _kind_of(message_type, field)
    text = tidy(text)[: _limits(type_info(kind)).max_length].strip()
    return text if _converts(text, kind) else ""


def most(message_type: type[Message], field: str) -> int:
    """Return how many items a field takes that has several."""
    kind = type_info(_kind_of(message_type, field))
    if not isinstance(kind, VarTupleType) or kind.max_length is None:
        raise TypeError(f"{message_type.__name__}.{field} has no limit of items")
    return kind.max_length


def tidy(text: str) -> str:
    """Return the text on one line, with composed letters and single spaces."""
    return unicodedata.normalize("NFC", " ".join(text.split()))


def _kind_of(message_type: type[Message], field: str) -> Any:
    return typing.get_type_hints(message_type, include_extras=True)[field]


def _limits(kind: Type) -> StrType:
    """Return what is said of the text, also where the field may be left out."""
    kinds = kind.types if isinstance(kind, UnionType) else (kind,)
    return next(kind for kind in kinds if isinstance(kind, StrType))


def _converts(text: str, kind: Any) -> bool:
    try:
        msgspec.convert(text, kind)
    except msgspec.ValidationError:
        return False
    return True
