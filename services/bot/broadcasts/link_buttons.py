"""Reads the buttons of a mailing as they are typed: a line a row, `Title - https://...`."""

import re
from dataclasses import dataclass
from typing import Literal
from urllib.parse import urlsplit

SCHEMES = frozenset({"http", "https", "tg"})
_LINE = re.compile(r"(?P<title>.+?)\s+[-\N{EN DASH}\N{EM DASH}]\s+(?P<url>\S+)")
"""With spaces around the dash: titles and addresses have dashes of their own."""

Flaw = Literal["no_link", "bad_link"]


@dataclass(frozen=True, slots=True)
class BadLine:
    """A part of what was typed that is no button."""

    written: str
    flaw: Flaw


Typed = tuple[tuple[str, str], ...]
"""The buttons of a row: title and address."""


def read_buttons(text: str) -> tuple[tuple[Typed, ...], tuple[BadLine, ...]]:
    """Return the rows of buttons, and what is none; `|` parts the buttons of one row."""
    rows, bad = [], []
    for line in text.splitlines():
        row = []
        for part in filter(None, map(str.strip, line.split(" | "))):
            found = _LINE.fullmatch(part)
            if found is None:
                bad.append(BadLine(part, "no_link"))
            elif not is_link(found["url"]):
                bad.append(BadLine(part, "bad_link"))
            else:
                row.append((found["title"].strip(), found["url"]))
        if row:
            rows.append(tuple(row))
    return tuple(rows), tuple(bad)


def is_link(url: str) -> bool:
    """Tell whether Telegram takes an address for a button."""
    try:
        parts = urlsplit(url)
        _ = parts.port
    except ValueError:
        return False
    if parts.scheme not in SCHEMES or not parts.hostname:
        return False
    return parts.scheme == "tg" or "." in parts.hostname.strip(".")


def written(rows: tuple[Typed, ...]) -> str:
    """Return buttons as they are typed, to be copied and changed."""
    return "\n".join(" | ".join(f"{title} - {url}" for title, url in row) for row in rows)
