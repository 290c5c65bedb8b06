"""A moment is told apart from the words around it: `tomorrow 14:00 call mom`."""

import re
from dataclasses import dataclass
from datetime import datetime

from services.bot.forms.written import clocks
from services.bot.forms.written.days import is_no_day
from services.bot.forms.written.moments import Reading, read_moment
from services.bot.forms.written.spans import read_span
from services.bot.forms.written.words import uniform

WORDS_LIMIT = 9
"""A moment has so many words at most: `in the afternoon on the 25th of december 2027`."""

_ALSO_OTHERWISE = re.compile(
    r"\d{1,2}|sun|sat|mon|wed|morning|afternoon|evening|night|noon|midnight|день|ср|вс|сб"
)
"""Alone they may be anything: "5 apples", "sun cream", "evening dress"."""


_ABOUT = re.compile(r"about|after|before|for|from|of|since|для|об?|от|после|про|со?")
"""A day behind one of these says something else than when."""


@dataclass(frozen=True, slots=True)
class Split:
    """The words that are left for a title, and what the others mean as a moment, if any do."""

    title: str
    written: str = ""
    reading: Reading | None = None


def split_moment(text: str, now: datetime) -> Split:
    """Return the longest beginning that is a moment, else the longest end, and what is left.

    One that has a day and a time is preferred to one that has not; a day at the beginning and a
    time at the end make one moment, and the other way round. A time beside a day that does not
    exist is none: of another day it would be a guess.
    """
    words = text.split()
    head, tail = _longest(words, now, ahead=True), _longest(words, now, ahead=False)
    if head and tail and _belong_together(head, tail, words):
        both = f"{head.text} {tail.text}"
        reading = read_moment(both, now)
        if reading and reading.doubt != "no_time":
            title = words[head.words : len(words) - tail.words]
            return Split(" ".join(title), both, reading)
    if tail and (head is None or (tail.complete and not head.complete)):
        return Split(" ".join(words[: len(words) - tail.words]), tail.text, tail.reading)
    if head:
        return Split(" ".join(words[head.words :]), head.text, head.reading)
    return Split(" ".join(words))


@dataclass(frozen=True, slots=True)
class _Found:
    words: int
    text: str
    reading: Reading

    @property
    def complete(self) -> bool:
        return self.reading.doubt != "no_time"


def _belong_together(head: _Found, tail: _Found, words: list[str]) -> bool:
    """Tell whether a beginning and an end make one moment; "tickets for friday" are no deadline."""
    if head.words + tail.words > len(words):
        return False
    if head.complete:
        between = words[head.words : len(words) - tail.words]
        is_about = bool(between) and _ABOUT.fullmatch(uniform(between[-1])) is not None
        return not tail.complete and _is_a_time(head.text) and not is_about
    return True


def _longest(words: list[str], now: datetime, *, ahead: bool) -> _Found | None:
    for count in range(min(WORDS_LIMIT, len(words)), 0, -1):
        part = " ".join(words[:count] if ahead else words[-count:])
        whole = count == len(words)
        reading = read_moment(part, now) if whole or _stands_for_itself(part) else None
        if reading:
            beside = words[count:][:2] if ahead else words[:-count][-2:]
            near = (" ".join(beside), beside[0 if ahead else -1]) if beside else ()
            if _is_a_time(part) and any(is_no_day(uniform(day), now) for day in near):
                return None
            return _Found(count, part, reading)
    return None


def _is_a_time(part: str) -> bool:
    return any(said and not rest for said, rest in clocks.splits(uniform(part)))


def _stands_for_itself(part: str) -> bool:
    """Tell whether words are a moment also among others; "2 hours" may be how long it takes."""
    written = uniform(part)
    if _ALSO_OTHERWISE.fullmatch(written):
        return False
    span = read_span(written)
    return span is None or span.ahead
