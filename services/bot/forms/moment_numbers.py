"""Moments as the buttons of a form carry them: as a number, which says how exact it is, too."""

from datetime import date, datetime, time, timedelta
from enum import IntEnum

BEGINNING = datetime(2000, 1, 1)  # noqa: DTZ001 - local times have no zone
LAST_YEAR = 2099
"""What lies beyond is a slip, and contracts take no later local time."""


class Kind(IntEnum):
    """What a number stands for."""

    MONTH = 0
    DAY = 1
    HOUR = 2
    MINUTE = 3
    DAYS = 4
    """Two days, of which one may be meant."""
    CLOSED = 5
    """No calendar but the way to it: there are answers to choose from."""


CLOSED = int(Kind.CLOSED)


def number(kind: Kind, at: datetime) -> int:
    """Return the number of a local time, or of the month, day or hour that begins then."""
    return (at - BEGINNING) // timedelta(minutes=1) * len(Kind) + kind


def number_of_month(year: int, month: int) -> int:
    return number(Kind.MONTH, datetime(year, month, 1))  # noqa: DTZ001 - local times have no zone


def number_of_day(day: date) -> int:
    return number(Kind.DAY, datetime.combine(day, time.min))


def number_of_days(first: date, second: date) -> int:
    one, other = ((day - BEGINNING.date()).days for day in (first, second))
    return (one << 16 | other) * len(Kind) + Kind.DAYS


def meaning(number: int) -> tuple[Kind, datetime]:
    """Return what `number` made of it, for all kinds that have one local time.

    A number made by hand counts as the month, day or hour that it lies in. Raises OverflowError
    beyond the last year of Python.
    """
    minutes, kind = divmod(number, len(Kind))
    if kind in (Kind.DAYS, Kind.CLOSED):
        return Kind(kind), BEGINNING
    at = BEGINNING + timedelta(minutes=minutes)
    match Kind(kind):
        case Kind.MONTH:
            return Kind.MONTH, at.replace(day=1, hour=0, minute=0)
        case Kind.DAY:
            return Kind.DAY, at.replace(hour=0, minute=0)
        case Kind.HOUR:
            return Kind.HOUR, at.replace(minute=0)
        case _:
            return Kind.MINUTE, at


def days_of(number: int) -> tuple[date, date]:
    """Return what `number_of_days` made a number of."""
    both, first = number // len(Kind), BEGINNING.date()
    return first + timedelta(both >> 16), first + timedelta(both & 0xFFFF)


def last_minute(kind: Kind, at: datetime) -> datetime:
    """Return the end of what begins at `at`: as long as that is to come, some of it is."""
    match kind:
        case Kind.MONTH:
            return (at + timedelta(days=31)).replace(day=1) - timedelta(minutes=1)
        case Kind.DAY:
            return at + timedelta(hours=23, minutes=59)
        case Kind.HOUR:
            return at + timedelta(minutes=59)
        case _:
            return at
