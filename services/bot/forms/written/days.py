"""Days as people write them: `tomorrow`, `в пятницу`, `25.12`, `the 15th`, `in 3 days`."""

import re
from collections.abc import Iterable
from contextlib import suppress
from datetime import date, datetime, timedelta

from services.bot.forms.dates import read_day
from services.bot.forms.written.spans import AHEAD, read_span

Days = tuple[date, ...]
"""What may be meant, in the order of the calendar; several where it is not certain."""

BEFORE = re.compile(r"(?:(?:on|by|until|till|due|at|в|во|к|ко|до|на|the)\s+)+(?=\S)")
_NUMERIC = re.compile(
    r"(?P<first>\d{1,2})(?P<by>[./])(?P<second>\d{1,2})(?:[./](?P<year>\d{2,4}))?"
)
_NAMED = re.compile(
    r"(?:(?P<day>\d{1,2})(?:st|nd|rd|th|го|е|ое|ого)?(?: of)? (?P<month>[^\W\d]{3,})"
    r"|(?P<month_first>[^\W\d]{3,}) (?P<day_second>\d{1,2})(?:st|nd|rd|th)?)"
    r"(?: (?P<year>\d{4})(?: (?:года|г))?)?"
)
_OF_MONTH = re.compile(r"(?P<day>\d{1,2})(?:st|nd|rd|th|го|ого|е|ое|\s+числа)")

_WEEKDAYS = (
    r"monday|mon|понедельник[ауе]?|пн",
    r"tuesday|tues|tue|вторник[ауе]?|вт",
    r"wednesday|wed|сред[ауые]|ср",
    r"thursday|thurs|thur|thu|четверг[ауе]?|чт",
    r"friday|fri|пятниц[ауые]|пт",
    r"saturday|sat|суббот[ауые]|сб",
    r"sunday|sun|воскресень[еяю]|вс",
)
_NEXT = r"next|следующ(?:ий|ая|ее|ую|его|ей|ему)"
_THIS = r"this|coming|эт(?:от|а|о|у|ого|ой|ому)|ближайш(?:ий|ая|ее|ую|его|ей|ему)"
_IN_NEXT_WEEK = r" (?:(?:of )?next week|(?:на )?следующей неделе)"
_WEEKDAY = re.compile(
    rf"(?:(?P<next>{_NEXT})\s+|(?:{_THIS})\s+)?"
    rf"(?P<day>{'|'.join(f'(?P<d{n}>{forms})' for n, forms in enumerate(_WEEKDAYS))})"
    rf"(?P<next_week>{_IN_NEXT_WEEK})?"
)
_WEEK = rf"{AHEAD} (?:1 )?(?:week|неделю)"
_IN_A_WEEK = re.compile(rf"{_WEEK} (?P<day>.+)|(?P<day_first>.+) {_WEEK}")
_RELATIVE = {
    "today": 0,
    "сегодня": 0,
    "tomorrow": 1,
    "завтра": 1,
    "overmorrow": 2,
    "послезавтра": 2,
    "yesterday": -1,
    "вчера": -1,
}
_VAGUE = {
    "next week": "in 1 week",
    "на следующей неделе": "in 1 week",
    "next month": "in 1 month",
    "в следующем месяце": "in 1 month",
}


def read_days(text: str, now: datetime) -> Days | None:
    """Return the days that a uniform text may mean for whose clock shows `now`, None for none.

    Without a year it is the next such day, today included.
    """
    if text in _VAGUE:
        return _relative(_VAGUE[text], now)
    in_a_week = _IN_A_WEEK.fullmatch(text)
    if in_a_week:
        return _weekday_in_a_week(in_a_week["day"] or in_a_week["day_first"], now)
    said, text = text, BEFORE.sub("", text, count=1)
    if said != text and read_span(text):
        return None  # "в 2 дня" is an hour
    weekday = _WEEKDAY.match(text)
    if weekday and weekday.end() < len(text) and text[weekday.end()] == " ":
        # "Fri 20 Nov": one of the two would do, and they have to agree.
        days = read_days(text[weekday.end() + 1 :], now) or ()
        return tuple(day for day in days if day.weekday() == _number(weekday)) or None
    for read in (_relative, _weekday, _numeric, _named, _day_of_month, _full):
        with suppress(ValueError, OverflowError):  # there is no such day
            found = read(text, now)
            if found:
                return tuple(sorted(set(found)))
    return None


def is_no_day(text: str, now: datetime) -> bool:
    """Tell whether a uniform text is written as a day, but there is none: `31.02`, `30 feb`."""
    named = _NAMED.fullmatch(text)
    if named:
        month = named["month"] or named["month_first"]
        return _parsed(f"1 {month} 2028", now) is not None and not read_days(text, now)
    return bool(_NUMERIC.fullmatch(text)) and not read_days(text, now)


def after(span: str, now: datetime) -> datetime | None:
    """Return the local time that is a span of canonical units after `now`, None beyond all years.

    `now` is local, too, and without its zone.
    """
    return _parsed(f"in {span}", now)


def _relative(text: str, now: datetime) -> Days:
    if text in _RELATIVE:
        return (now.date() + timedelta(_RELATIVE[text]),)
    span = read_span(text)
    if span is None or span.by_the_clock:
        return ()
    then = after(str(span), now)
    return (then.date(),) if then else ()


def _weekday(text: str, now: datetime) -> Iterable[date]:
    found = _WEEKDAY.fullmatch(text)
    if not found:
        return ()
    today, number = now.date(), _number(found)
    coming = today + timedelta((number - today.weekday()) % 7)
    if found["next_week"]:
        return (today + timedelta(7 - today.weekday() + number),)
    if found["next"] and coming == today:
        return (coming + timedelta(7),)
    # "Friday" on a Friday is today or in a week; so is "next Friday" on a Wednesday.
    later_this_week = number > today.weekday()
    unclear = later_this_week if found["next"] else coming == today
    return (coming, coming + timedelta(7)) if unclear else (coming,)


def _weekday_in_a_week(text: str, now: datetime) -> Days | None:
    """Return a week after the coming one, and the one in the next week of the calendar."""
    found = _WEEKDAY.fullmatch(BEFORE.sub("", text, count=1))
    if found is None or found["next_week"]:
        return None
    today, number = now.date(), _number(found)
    coming = today + timedelta((number - today.weekday()) % 7)
    next_week = today + timedelta(7 - today.weekday() + number)
    return tuple(sorted({coming + timedelta(7), next_week}))


def _numeric(text: str, now: datetime) -> Iterable[date]:
    found = _NUMERIC.fullmatch(text)
    if not found:
        return ()
    first, second, year = int(found["first"]), int(found["second"]), found["year"]
    # With points the day comes first everywhere; with strokes that depends on where one lives.
    orders = {(first, second)} | ({(second, first)} if found["by"] == "/" else set())
    days = []
    for day, month in orders:
        with suppress(ValueError):
            days.append(_in_year(day, month, int(year) if year else None, now.date()))
    return days


def _named(text: str, now: datetime) -> Iterable[date]:
    found = _NAMED.fullmatch(text)
    if not found:
        return ()
    day, name = found["day"] or found["day_second"], found["month"] or found["month_first"]
    # In a leap year every day of a month exists; which year is meant is found out below.
    then = _parsed(f"{day} {name} 2028", now)
    if then is None or then.day != int(day):
        return ()
    year = int(found["year"]) if found["year"] else None
    return (_in_year(then.day, then.month, year, now.date()),)


def _day_of_month(text: str, now: datetime) -> Iterable[date]:
    found = _OF_MONTH.fullmatch(text)
    if not found:
        return ()
    today = now.date()
    for months in range(12):
        year, month = divmod(today.year * 12 + today.month - 1 + months, 12)
        with suppress(ValueError):
            day = date(year, month + 1, int(found["day"]))
            if day >= today:
                return (day,)
    return ()


def _full(text: str, now: datetime) -> Iterable[date]:
    day = read_day(text)
    return (day,) if day else ()


def _in_year(day: int, month: int, year: int | None, today: date) -> date:
    """Return the day in its year, or the next one; raises ValueError where there is none."""
    if year is not None:
        return date(year + 2000 if year < 100 else year, month, day)
    for ahead in range(9):  # between two leap years lie eight at most
        with suppress(ValueError):
            then = date(today.year + ahead, month, day)
            if then >= today:
                return then
    raise ValueError(f"no month {month} has a day {day}")


def _number(weekday: re.Match[str]) -> int:
    return next(number for number in range(7) if weekday[f"d{number}"])


def _parsed(text: str, now: datetime) -> datetime | None:
    # Only here: it loads its languages, which takes a moment and memory, at the first use.
    from dateparser.date import DateDataParser

    settings = {"RELATIVE_BASE": now, "DATE_ORDER": "DMY", "PREFER_DATES_FROM": "future"}
    parser = DateDataParser(languages=["en", "ru"], settings=settings)
    found: datetime | None = parser.get_date_data(text).date_obj
    return found
