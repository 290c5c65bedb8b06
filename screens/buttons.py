"""Rows of buttons as most screens have them, and the bounds of what a button may carry."""

from collections.abc import Callable
from typing import Annotated

import pydantic
from aiogram.filters.callback_data import CallbackData

from contracts.screens import Button

PAGE_SIZE = 10

# A button made by hand may carry any number, and the database takes eight bytes of it.
Number = Annotated[int, pydantic.Field(ge=0, lt=2**63)]
Id = Annotated[int, pydantic.Field(gt=0, lt=2**63)]


class PageButton(CallbackData, prefix="page"):
    """A button to the page of a list that begins at `offset`; lists add what they are about."""

    offset: Number = 0


Row = tuple[Button, ...]


def button(text: str, press: CallbackData) -> Button:
    """Return a button; `text` is plain."""
    return Button(text=text, action=press.pack())


def pager(offset: int, total: int, turn_to: Callable[[int], CallbackData]) -> tuple[Row, ...]:
    """Return the row that turns pages, or none where everything fits on one."""
    row = []
    if offset > 0:
        row.append(button("‹", turn_to(max(0, offset - PAGE_SIZE))))
    if offset + PAGE_SIZE < total:
        row.append(button("›", turn_to(offset + PAGE_SIZE)))
    return (tuple(row),) if row else ()
