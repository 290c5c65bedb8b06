"""Errors quote what they meet: in log lines they go without the words of the message in hand."""

import re
from collections.abc import Iterator
from functools import cached_property

import msgspec

from observability.masking import MASK

SHORTEST_WORD = 3
_WORD = re.compile(rf"\w{{{SHORTEST_WORD},}}")
_OUR_ID = re.compile(r"[a-z_]+-([0-9]+-[0-9a-f]{8}(?:-[0-9]+)*)")
"""An id that we made: it begins with an app's name, and so do tables, which errors have to name."""
_TAG = "type"
"""Where a message says what it is, which is nobody's word."""
_IN_GROUP = re.compile(r"^ *[|+] ?")
_OF_CODE = ('  File "', "    ", "Traceback (")
"""How lines of a traceback begin that show code."""


class Words:
    """What somebody wrote, as it came: JSON, or any bytes."""

    def __init__(self, body: bytes) -> None:
        self._body = body

    def cut_from(self, said: str) -> str:
        """Return what an error says, or its traceback, without these words; code stays."""
        return "\n".join(self._cut_from_line(line) for line in said.split("\n"))

    def _cut_from_line(self, line: str) -> str:
        if _IN_GROUP.sub("", line).startswith(_OF_CODE):
            return line
        kind, colon, text = line.partition(": ")
        if not colon or " " in kind.strip(" |"):
            return self._cut(line)
        return f"{kind}{colon}{self._cut(text)}"

    def _cut(self, text: str) -> str:
        return _WORD.sub(
            lambda found: MASK if found[0].casefold() in self._words else found[0], text
        )

    @cached_property
    def _words(self) -> frozenset[str]:
        try:
            texts = list(_texts(msgspec.json.decode(self._body)))
        except (msgspec.MsgspecError, ValueError, RecursionError):
            texts = [self._body.decode(errors="replace")]
        return frozenset(word for text in texts for word in _WORD.findall(text.casefold()))


def _texts(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield ours[1] if (ours := _OUR_ID.fullmatch(value)) else value
    elif isinstance(value, dict):
        for name, part in value.items():
            if name != _TAG:
                yield from _texts(part)
    elif isinstance(value, list):
        for part in value:
            yield from _texts(part)
