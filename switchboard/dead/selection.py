"""Which dead letters are meant: by number, or by filters."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from fnmatch import fnmatchcase
from functools import wraps
from typing import Any

import click

from bus.letters import KINDS, OTHER, Letter
from switchboard.errors import Trouble

_AGE = re.compile(r"(\d{1,6})([smhd])")
_UNITS = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days"}


@dataclass(frozen=True, slots=True)
class Filters:
    """What a letter must be like; what is left out may be anything."""

    app: tuple[str, ...] = ()
    kind: tuple[str, ...] = ()
    subject: str = ""
    """A shell pattern of the original subject, as it was stored or as it is sent."""
    reason: str = ""
    trace: str = ""
    """The trace they died in, or how its id begins."""
    since: datetime | None = None
    until: datetime | None = None

    def __bool__(self) -> bool:
        return self != Filters()

    def match(self, letter: Letter) -> bool:
        """Whether the letter is meant."""
        return (
            (not self.app or letter.app in self.app)
            and (not self.kind or letter.kind in self.kind)
            and (not self.subject or fnmatchcase(letter.subject, self.subject))
            and self.reason.lower() in letter.reason.lower()
            and letter.trace_id.startswith(self.trace.lower())
            and (self.since is None or letter.at >= self.since)
            and (self.until is None or letter.at <= self.until)
        )


class Moment(click.ParamType[datetime]):
    """A moment as ISO 8601, in UTC unless it says otherwise, or as an age: 90s, 30m, 2h, 7d."""

    name = "TIME|AGE"

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> datetime:
        """Read it."""
        if isinstance(value, datetime):
            return value
        if age := _AGE.fullmatch(value):
            return datetime.now(UTC) - timedelta(**{_UNITS[age[2]]: int(age[1])})
        try:
            moment = datetime.fromisoformat(value)
        except ValueError:
            self.fail(f"{value!r} is no time like 2026-11-21T09:30 and no age like 2h", param, ctx)
        return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


_MOMENT = Moment()
_OPTIONS = (
    click.option("--app", multiple=True, help="Of this app; may be given more than once."),
    click.option(
        "--kind",
        multiple=True,
        type=click.Choice([*KINDS, OTHER]),
        help="Of this kind; may be given more than once.",
    ),
    click.option("--subject", default="", help="Whose original subject matches, e.g. '*.add_*'."),
    click.option("--reason", default="", help="Whose reason contains this."),
    click.option("--trace", default="", help="Of this trace: the code that the person was told."),
    click.option("--since", type=_MOMENT, help="Buried since then: 2026-11-21T09:30, or 2h ago."),
    click.option("--until", type=_MOMENT, help="Buried before then."),
)


def filtered(command: Callable[..., None]) -> Callable[..., None]:
    """Give a command the options that make `filters`."""

    @wraps(command)
    def collected(**given: Any) -> None:
        names = Filters.__dataclass_fields__
        filters = Filters(**{name: given.pop(name) for name in names})
        command(filters=filters, **given)

    for option in reversed(_OPTIONS):
        collected = option(collected)
    return collected


@dataclass(frozen=True, slots=True)
class Choice:
    """The letters that shall be replayed or dropped."""

    numbers: tuple[int, ...]
    filters: Filters
    everything: bool

    def __post_init__(self) -> None:
        if sum(map(bool, (self.numbers, self.filters, self.everything))) != 1:
            raise Trouble("Say which letters: by their numbers, by filters, or --all of them.")
