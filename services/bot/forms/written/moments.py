"""What a moment that somebody wrote may mean, seen from their clock, without silent guesses."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Literal

from services.bot.forms.moment_numbers import LAST_YEAR
from services.bot.forms.written import clocks, days
from services.bot.forms.written.clocks import Clock, TimeOfDay
from services.bot.forms.written.days import Days
from services.bot.forms.written.spans import Span, read_span
from services.bot.forms.written.words import uniform

Doubt = Literal["several", "vague", "no_time", "over", "no_such_time", "too_far"]

LENGTH_LIMIT = 100
SHOWN = 6
"""So many meanings are shown at most."""


@dataclass(frozen=True, slots=True)
class Reading:
    """Local times that may be meant, without a zone and in their order; one unless in `doubt`.

    `days` are said without a time where the doubt is `no_time`. What is `over` has moments to
    come that may be meant instead, or none; so has a time that clocks going forward leave out.
    """

    moments: tuple[datetime, ...] = ()
    days: Days = ()
    doubt: Doubt | None = None


def read_moment(text: str, now: datetime, day: date | None = None) -> Reading | None:
    """Return what a text may mean for a person whose clock shows `now`, in its zone.

    A time without a day is on `day`, if one is given. None where it is not understood as a whole.
    """
    if len(text) > LENGTH_LIMIT:
        return None
    words = uniform(text)
    span = read_span(words)
    if span and span.by_the_clock:
        return _read_span(words, span, now)
    for said, rest in clocks.splits(words):
        if not rest and said:
            return _on_days((day,), said, now) if day else _any_day(said, now)
        found = days.read_days(rest, _local(now)) if rest else None
        if found:
            return _on_days(found, said, now)
    return None


def is_to_come(moment: datetime, now: datetime) -> bool:
    """Tell whether a local time lies ahead; one that comes twice counts as it comes first."""
    # In UTC: Python compares clocks of one zone as they stand, whatever day they change on.
    return moment.replace(tzinfo=now.tzinfo).astimezone(UTC) > now.astimezone(UTC)


def _exists(moment: datetime, now: datetime) -> bool:
    """Tell whether clocks in the zone of `now` ever show a local time."""
    there = moment.replace(tzinfo=now.tzinfo)
    return there.astimezone(UTC).astimezone(now.tzinfo).replace(tzinfo=None) == moment


def _read_span(words: str, span: Span, now: datetime) -> Reading | None:
    then = days.after(str(span), _local(now))
    if then is None:
        return None
    elapsed = then - _local(now)
    local = (now.astimezone(UTC) + elapsed).astimezone(now.tzinfo)
    ahead = _minute(local.replace(tzinfo=None))
    if not span.ahead and set(span) == {"hour"} and words.split()[-1].startswith("ч"):
        # In Russian "2 часа" is both how long and when.
        hour = span["hour"]
        if hour.is_integer() and hour <= 24:
            at = _any_day(TimeOfDay(Clock(int(hour), exact=False)), now)
            return _reading((ahead, *at.moments), now, "several")
    return _reading((ahead,), now)


def _any_day(said: TimeOfDay, now: datetime) -> Reading:
    """Return when it is that time for the first time from now on, in doubt where today has it."""
    today = _local(now).date()
    minutes = said.minutes(of_a_day=False)
    if said.known == clocks.MIDNIGHT:
        minutes = (clocks.DAY,)
    next_times = [_next(today, at, now) for at in minutes]
    doubt: Doubt | None = "vague" if said.vague else "several" if len(minutes) > 1 else None
    (first, *_) = next_times
    if len(minutes) == 1 and minutes[0] and first.date() > today and minutes[0] < clocks.DAY:
        # What was written at noon as 9:00 may be the next morning, or a slip for this evening.
        other = _next(today, minutes[0] + clocks.NOON, now)
        slip = minutes[0] < clocks.NOON and said.clock and not said.clock.part
        return _reading((first, other) if slip else (first,), now, "over")
    return _reading(next_times, now, doubt)


def _on_days(found: Days, said: TimeOfDay | None, now: datetime) -> Reading | None:
    today = _local(now).date()
    if any(day.year > LAST_YEAR for day in found):
        return Reading(doubt="too_far")
    to_come = tuple(day for day in found if day >= today)
    if not to_come:
        return Reading(doubt="over")
    if said is None:
        return Reading(days=to_come, doubt="no_time")
    minutes = said.minutes(of_a_day=True)
    moments = [_at(day, at) for day in found for at in minutes]
    doubt: Doubt | None = "vague" if said.vague else "several" if len(moments) > 1 else None
    if any(is_to_come(moment, now) for moment in moments):
        return _reading(moments, now, doubt)
    return _reading([_next(today, at, now) for at in minutes], now, "over")


def _reading(moments: Iterable[datetime], now: datetime, doubt: Doubt | None = None) -> Reading:
    ahead = sorted({moment for moment in moments if is_to_come(moment, now)})[:SHOWN]
    if not ahead:
        return Reading(doubt="over")
    if ahead[-1].year > LAST_YEAR:
        return Reading(doubt="too_far")
    if doubt == "several" and len(ahead) == 1:
        doubt = "over"  # of two days that may have been meant, it is too late for the first
    if all(_exists(moment, now) for moment in ahead):
        return Reading(tuple(ahead), doubt=doubt)
    around = (near for moment in ahead for near in shown_by_clocks(moment, now))
    shown = sorted({moment for moment in around if is_to_come(moment, now)})[:SHOWN]
    return Reading(tuple(shown), doubt=doubt or "no_such_time")


def shown_by_clocks(moment: datetime, now: datetime) -> tuple[datetime, ...]:
    """Return a local time; or where clocks leave it out, one before the gap and one behind."""
    if _exists(moment, now):
        return (moment,)
    there = moment.replace(tzinfo=now.tzinfo)
    forward = there.astimezone(UTC).astimezone(now.tzinfo).replace(tzinfo=None)
    return (moment - (forward - moment), forward)


def _next(today: date, minutes: int, now: datetime) -> datetime:
    moment = _at(today, minutes)
    return moment if is_to_come(moment, now) else moment + timedelta(days=1)


def _at(day: date, minutes: int) -> datetime:
    return datetime.combine(day, time.min) + timedelta(minutes=minutes)


def _local(now: datetime) -> datetime:
    return now.replace(tzinfo=None)


def _minute(moment: datetime) -> datetime:
    return moment.replace(second=0, microsecond=0)
