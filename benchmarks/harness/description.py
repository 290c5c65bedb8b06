"""What a benchmark is: ways to do the same work, and what is expected of them."""

from collections.abc import Callable, Mapping
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

import msgspec

Sense = Literal["at most", "at least"]


class NotHere(Exception):
    """A place cannot be had on this machine; the text says why, for the row of a variant."""


@dataclass(frozen=True, slots=True)
class Place:
    """Servers that variants share: settings for who uses them, and processes by what they are."""

    settings: Mapping[str, str]
    processes: Mapping[str, int]
    """Ids whose processor time is counted, by a word such as `broker` or `database`."""


Opening = Callable[[Path], AbstractAsyncContextManager[Place]]
"""Starts servers in a directory for as long as the context is open; raises NotHere."""


@dataclass(frozen=True, slots=True)
class Role:
    """A process: `module:function`, called there with a `Given`, and `options` for it.

    The function is an async context manager. That of a server yields once it serves; that of a
    client yields what is called again and again (see `load.py`), or a function `measure` of the
    levels.
    """

    target: str
    options: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True, slots=True)
class Variant:
    """One way to do the work of a benchmark."""

    name: str
    guarantees: str
    """What the work's doing promises, in words: rows that promise less are cheaper."""
    client: Role
    servers: tuple[Role, ...] = ()
    place: str = "nats"
    needs: tuple[str, ...] = ()
    """Modules of the dependency group `bench`."""
    is_quick: bool = True
    """Whether it is measured in a short run, too."""
    against: str = ""
    """The variant to whose figures its own are compared; the benchmark's where it names none."""


@dataclass(frozen=True, slots=True)
class Level:
    """So many calls at once, until `count` are done or `seconds` are over."""

    name: str
    at_once: int
    count: int
    seconds: float = 1.5

    def shorter(self) -> "Level":
        """Return what a short run does of it."""
        return Level(self.name, self.at_once, max(self.count // 3, 1), self.seconds / 2)


LEVELS = (Level("c1", 1, 2000), Level("c16", 16, 8000), Level("c128", 128, 16000))


class Column(msgspec.Struct, frozen=True):
    """A figure that a table shows."""

    figure: str
    heading: str
    digits: int = 0


class Goal(msgspec.Struct, frozen=True, kw_only=True):
    """A bound of a figure of one variant, or of its ratio to that of another.

    The ratio is the median of those within the repetitions.
    """

    name: str
    figure: str
    of: str
    """The variant whose figure is the numerator."""
    against: str = ""
    """The one whose figure is the denominator; the figure itself is bounded without."""
    sense: Sense
    bound: float
    is_stretch: bool = False


def at_most(name: str, figure: str, of: str, against: str, bound: float) -> Goal:
    """Return the goal that a figure of one is at most so many times that of the other."""
    return Goal(name=name, figure=figure, of=of, against=against, sense="at most", bound=bound)


def rate_at_least(
    name: str, of: str, against: str, bound: float, *, is_stretch: bool = False
) -> Goal:
    """Return the goal that one's rate with 128 in flight is at least so many times the other's."""
    return Goal(
        name=name,
        figure="c128 rate",
        of=of,
        against=against,
        sense="at least",
        bound=bound,
        is_stretch=is_stretch,
    )


COLUMNS = (
    Column("c1 p50", "p50 one by one, µs"),
    Column("c1 p99", "p99, µs"),
    Column("c16 rate", "16 at once, /s"),
    Column("c128 rate", "128 at once, /s"),
    Column("c128 p99", "p99 at 128, µs"),
    Column("c128 cpu client", "CPU at 128: client, µs", 1),
    Column("c128 cpu server", "server, µs", 1),
    Column("c128 cpu broker", "broker, µs", 1),
)
COMPARED = (
    Column("c1 p50", "p50 one by one", 2),
    Column("c16 rate", "rate, 16 at once", 2),
    Column("c128 rate", "rate, 128 at once", 2),
    Column("c128 cpu", "CPU of client and server at 128", 2),
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Benchmark:
    """Variants that do the same, measured in turn in one run."""

    name: str
    title: str
    work: str
    """What is done, in words."""
    variants: tuple[Variant, ...]
    goals: tuple[Goal, ...]
    places: Mapping[str, Opening]
    against: str
    """The variant to whose figures those of the others are compared, unless they name another."""
    levels: tuple[Level, ...] = LEVELS
    columns: tuple[Column, ...] = COLUMNS
    compared: tuple[Column, ...] = COMPARED
    drawn: tuple[Column, ...] = (COLUMNS[0], COLUMNS[3])
    repetitions: int = 5
    quick_repetitions: int = 1
    warms_up: bool = True
    """Whether calls that do not count come first."""
