"""When a repeating task is due again, by its person's clock; computed one after the other.

Local times are naive datetimes. A series has no end but that of the calendar.
"""

from calendar import monthrange
from collections.abc import Collection, Iterator
from datetime import datetime, timedelta
from typing import NamedTuple

from contracts.calendar.local_times import LAST_YEAR
from contracts.calendar.repeating import Repeat

DAY = timedelta(days=1)
WEEKDAYS = (0, 1, 2, 3, 4)


class Series(NamedTuple):
    """A rule, and the local time from which it counts: no occurrence is earlier."""

    repeat: Repeat
    anchor: datetime

    def first(self) -> datetime:
        """Return the first occurrence: the anchor, or the next day that the rule allows."""
        first = self.next_after(self.anchor - timedelta(minutes=1))
        return self.anchor if first is None else first

    def next_after(self, local: datetime) -> datetime | None:
        """Return the next occurrence, None where the calendar ends before."""
        if local < self.anchor:
            local = self.anchor - timedelta(minutes=1)
        match self.repeat.every:
            case "day":
                found = self._by_interval(local, 1)
            case "days":
                found = self._by_interval(local, self.repeat.interval)
            case "weekday":
                found = self._by_weekday(local, WEEKDAYS)
            case "week":
                found = self._by_weekday(local, self.repeat.days)
            case "month":
                found = self._by_month(local)
        return found if found.year <= LAST_YEAR else None

    def has(self, local: datetime) -> bool:
        """Whether this is the time of an occurrence."""
        return self.next_after(local - timedelta(minutes=1)) == local

    def gap_before(self, occurrence: datetime) -> timedelta | None:
        """Return how long after the one before it an occurrence is, None for the first."""
        before = occurrence - self._longest_gap()
        previous = None
        while (each := self.next_after(before)) is not None and each < occurrence:
            previous = before = each
        return None if previous is None else occurrence - previous

    def to_come(
        self, after: datetime, until: datetime, without: Collection[datetime] = ()
    ) -> Iterator[datetime]:
        """Yield the occurrences after a time and before another, but for some."""
        each = self.next_after(after)
        while each is not None and each < until:
            if each not in without:
                yield each
            each = self.next_after(each)

    def next_open(self, after: datetime, done: Collection[datetime] = ()) -> datetime | None:
        """Return the next occurrence that is not done yet."""
        each = self.next_after(after)
        while each is not None and each in done:
            each = self.next_after(each)
        return each

    def _by_interval(self, local: datetime, days: int) -> datetime:
        times = (local - self.anchor) // timedelta(days=days) + 1
        return self.anchor + times * timedelta(days=days)

    def _by_weekday(self, local: datetime, days: tuple[int, ...]) -> datetime:
        each = datetime.combine(local.date(), self.anchor.time())
        while each <= local or each.weekday() not in days:
            each += DAY
        return each

    def _by_month(self, local: datetime) -> datetime:
        each = self._in_month(local.year, local.month)
        if each > local:
            return each
        year, month = divmod(local.year * 12 + local.month, 12)
        return self._in_month(year, month + 1)

    def _in_month(self, year: int, month: int) -> datetime:
        day = min(self.anchor.day, monthrange(year, month)[1])
        return self.anchor.replace(year=year, month=month, day=day)

    def _longest_gap(self) -> timedelta:
        days = {"day": 1, "weekday": 3, "week": 7, "month": 31, "days": self.repeat.interval}
        return timedelta(days=days[self.repeat.every], minutes=1)
