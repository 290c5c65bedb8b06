"""Sheets for Excel, written row by row onto disk: their length does not matter to memory."""

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Self

if TYPE_CHECKING:  # whoever makes no sheet needs none of it
    from xlsxwriter import Workbook as Writer

ROWS_LIMIT = 2**20
"""Of one sheet, by the format."""
DIGITS = 15
"""Of a number that the format keeps; longer ones, as ids can be, are written as texts."""
COLUMN_WIDTH = 22
"""Characters."""
MOMENTS = "yyyy-mm-dd hh:mm:ss"

Cell = str | int | datetime | None


class Workbook:
    """A file of several sheets, each written from its first row to its last.

    Texts stay texts, whatever they begin with; moments are written in UTC.
    """

    def __init__(self, path: Path) -> None:
        from xlsxwriter import Workbook

        self._closed = False
        self._book = Workbook(
            str(path),
            {
                "constant_memory": True,
                "tmpdir": str(path.parent),
                "default_date_format": MOMENTS,
            },
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Put the sheets together; that takes a second for a hundred thousand rows."""
        if not self._closed:
            self._closed = True
            self._book.close()

    def sheet(self, name: str, columns: Sequence[str]) -> "Sheet":
        """Begin another sheet, with the heads of its columns."""
        return Sheet(self._book, name, columns)


class Sheet:
    """One sheet; what is too long for it goes on in a further one."""

    def __init__(self, book: "Writer", name: str, columns: Sequence[str]) -> None:
        self._book, self._name, self._columns = book, name, columns
        self._number = 1
        self._begin(name)

    def add(self, rows: Iterable[Sequence[Cell]]) -> None:
        """Write further rows."""
        for row in rows:
            if self._next == ROWS_LIMIT:
                self._number += 1
                self._begin(f"{self._name} {self._number}")
            self._write(row)

    def _begin(self, name: str) -> None:
        self._sheet = self._book.add_worksheet(name)
        self._sheet.set_column(0, len(self._columns) - 1, COLUMN_WIDTH)
        self._sheet.freeze_panes(1, 0)
        self._next = 0
        self._write(self._columns)

    def _write(self, row: Sequence[Cell]) -> None:
        for column, cell in enumerate(row):
            match cell:
                case int() if len(str(cell)) <= DIGITS:
                    self._sheet.write_number(self._next, column, cell)
                case datetime():
                    at = cell.astimezone(UTC).replace(tzinfo=None)
                    self._sheet.write_datetime(self._next, column, at)
                case str() | int() if cell != "":
                    self._sheet.write_string(self._next, column, str(cell))
        self._next += 1
