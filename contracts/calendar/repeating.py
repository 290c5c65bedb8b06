"""How a task repeats: without end, one occurrence after the other."""

from typing import Annotated, Literal

import msgspec
from msgspec import Meta

Weekday = Annotated[int, Meta(ge=0, le=6)]
"""0 is Monday."""


class Repeat(msgspec.Struct, frozen=True, kw_only=True):
    """Every day, Monday to Friday, on chosen `days` of the week, monthly, or every `interval` days.

    `days` are of `week` alone, where there is at least one; `interval` is of `days` alone. A month
    without the day of the first deadline has the task on its last day.
    """

    every: Literal["day", "weekday", "week", "month", "days"]
    days: Annotated[tuple[Weekday, ...], Meta(max_length=7)] = ()
    interval: Annotated[int, Meta(ge=0, le=366)] = 0

    def __post_init__(self) -> None:
        if (self.every == "week") != bool(self.days) or len(set(self.days)) < len(self.days):
            raise ValueError("a weekly task has days of the week, each once; no other has any")
        if (self.every == "days") != bool(self.interval):
            raise ValueError("a task of every so many days says how many; no other does")
