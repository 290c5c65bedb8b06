"""Reads lists of people that are pasted or uploaded: ids in the first or a named column of CSV."""

import csv
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

DELIMITERS = "\t;,"
ID_COLUMNS = frozenset({"id", "user_id", "telegram_id", "person_id", "chat_id"})
"""Names of the column with the ids, in any case; without one it is the first."""
LARGEST_ID = 2**52
"""Telegram's ids of people have at most 52 significant bits."""

csv.field_size_limit(10_000)

Flaw = Literal["empty", "not_an_id", "repeated", "unreadable"]


@dataclass(frozen=True, slots=True)
class BadRow:
    """A row that names nobody, by its number in the file, with what stands there."""

    number: int
    written: str
    flaw: Flaw


@dataclass(frozen=True, slots=True)
class PeopleList:
    """Telegram's ids, each once, in their order; and the rows that were left out."""

    ids: tuple[int, ...]
    bad: tuple[BadRow, ...]


def decoded(data: bytes) -> str:
    """Return the text of a file as spreadsheets write them; what is no text becomes bad rows."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return data.decode("utf-16", errors="replace")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("cp1251", errors="replace")


def read_people(text: str) -> PeopleList:
    """Return whom a text names; a line of nothing but ids names all of them."""
    rows = list(_rows(text))
    column = _column(rows[0][1]) if rows else None
    ids: dict[int, None] = {}
    bad: list[BadRow] = []
    for number, cells in rows[1:] if column is not None else rows:
        for cell in _candidates(cells, column):
            flaw = _flaw(cell, ids)
            if flaw:
                bad.append(BadRow(number, cell, flaw))
            else:
                ids[int(cell)] = None
    return PeopleList(tuple(ids), tuple(bad))


def _rows(text: str) -> Iterator[tuple[int, list[str]]]:
    """Yield what is no blank line, with the number of its last line."""
    lines = text.replace("\x00", "").splitlines()
    reader = csv.reader(lines, delimiter=_delimiter(lines), skipinitialspace=True)
    while True:
        try:
            cells = [cell.strip() for cell in next(reader)]
        except StopIteration:
            return
        except csv.Error:
            cells = ["\N{HORIZONTAL ELLIPSIS}"]
        if any(cells):
            yield reader.line_num, cells


def _delimiter(lines: Sequence[str]) -> str:
    first = next((line for line in lines if line.strip()), "")
    return max(DELIMITERS, key=first.count) if any(map(first.count, DELIMITERS)) else ","


def _column(header: Sequence[str]) -> int | None:
    """Return the place of the named column, None where the first row is no header."""
    names = [cell.casefold().replace(" ", "_") for cell in header]
    return next((place for place, name in enumerate(names) if name in ID_COLUMNS), None)


def _candidates(cells: Sequence[str], column: int | None) -> Sequence[str]:
    if column is not None:
        return cells[column : column + 1] or [""]
    filled = [cell for cell in cells if cell]
    return filled if all(map(is_id, filled)) else cells[:1]


def _flaw(cell: str, known: dict[int, None]) -> Flaw | None:
    if not cell:
        return "empty"
    if cell == "\N{HORIZONTAL ELLIPSIS}":
        return "unreadable"
    if not is_id(cell):
        return "not_an_id"
    return "repeated" if int(cell) in known else None


def is_id(cell: str) -> bool:
    """Tell whether a text is the id of a person of Telegram."""
    return cell.isascii() and cell.isdecimal() and len(cell) <= 16 and 0 < int(cell) <= LARGEST_ID
