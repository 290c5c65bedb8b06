"""Times of the day as people write them: `14:00`, `at 7`, `в 9 утра`, `half past five`, `noon`."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

Part = Literal["am", "pm", "morning", "day", "evening", "night", "tonight"]
Minutes = tuple[int, ...]
"""Minutes from the beginning of a day; 1440 is its end."""

NOON, DAY = 12 * 60, 24 * 60
MIDNIGHT: Minutes = (DAY, 0)
"""With a day it may be either end of it."""

PARTS: dict[Part, str] = {
    "morning": r"in the morning|this morning|morning|утром|с утра|утра",
    "day": r"in the afternoon|this afternoon|afternoon|днем",
    "evening": r"in the evening|this evening|evening|вечером|вечера",
    "night": r"at night|night|ночью|ночи",
    "tonight": r"tonight",
}
VAGUE: dict[Part, tuple[int, ...]] = {
    "morning": (8, 9, 10),
    "day": (13, 14, 15, 16),
    "evening": (18, 19, 20, 21),
    "night": (22, 23),
    "tonight": (19, 20, 21, 22),
}
"""The hours that may be meant where only the part of the day is named."""

WRITTEN_AFTER: dict[str, Part] = {"am": "am", "pm": "pm", "дня": "day"}

_AT = r"(?:at|@|в|во)\s+"
_BY = r"(?:at|@|by|until|till|due|в|во|к|ко|до|на)\s+"
_HOUR = r"(?P<hour>\d{1,2})"
_MINUTE = r"(?P<minute>\d{2})"
_MINUTES, _MINUTE_UNIT = r"(?P<minute>\d{1,2})", r"(?:минуты?|мин|m)"
_OCLOCK = r"(?:o'?clock|часов|часа|час|ч)\b"
_AFTER = r"(?P<after>am|pm|дня)\b"

_POINTED = re.compile(rf"(?<!\S){_AT}{_HOUR}[.\-]{_MINUTE}(?![\w.:-])")
_CLOCKS = tuple(
    re.compile(rf"(?<!\S){pattern}(?![\w.:-])")
    for pattern in (
        rf"(?:{_BY})?{_HOUR}:{_MINUTE}(?::\d{{2}})?(?:\s+{_AFTER})?",
        rf"(?:{_BY})?{_HOUR}(?:\s+{_OCLOCK})?\s+{_AFTER}",
        rf"(?:{_BY})?{_HOUR}\s+(?:{_OCLOCK}|h)(?:\s+{_MINUTES}(?:\s+{_MINUTE_UNIT})?)?",
        rf"(?:{_BY})?(?P<half>half past )(?P<hour>\d{{1,2}})",
        rf"{_BY}{_HOUR}",
        rf"(?:{_BY})?{_HOUR}[.\-]{_MINUTE}",
        rf"(?:{_BY})?{_HOUR} {_MINUTE}",
        _HOUR,
    )
)
_NAMED = (
    (re.compile(rf"(?<!\S)(?:{_BY})?(?:noon|midday|полдень|полудня|полудню)(?!\S)"), (NOON,)),
    (re.compile(rf"(?<!\S)(?:{_BY})?(?:midnight|полночь|полуночи)(?!\S)"), MIDNIGHT),
)
_PARTS = tuple((re.compile(rf"(?<!\S)(?:{p})(?!\S)"), part) for part, p in PARTS.items())


@dataclass(frozen=True, slots=True)
class Clock:
    """A time of the day; `exact` unless it was named as a whole hour of a clock with twelve."""

    hour: int
    minute: int = 0
    part: Part | None = None
    exact: bool = True

    def minutes(self, *, of_a_day: bool) -> Minutes:
        """Return what may be meant, the likeliest first: with a day, a working hour is itself."""
        at = self.hour * 60 + self.minute
        if self.part:
            return _in_part(self.hour, self.minute, self.part)
        if self.exact or self.hour == 0 or self.hour > 12 or (of_a_day and self.hour >= 8):
            return (at,)
        return (at, DAY) if self.hour == 12 else (at, at + NOON)


@dataclass(frozen=True, slots=True)
class TimeOfDay:
    """What is said of the time; `vague` where that is only a part of the day."""

    clock: Clock | None = None
    known: Minutes = ()
    vague: bool = False

    def minutes(self, *, of_a_day: bool) -> Minutes:
        return self.clock.minutes(of_a_day=of_a_day) if self.clock else self.known


def splits(text: str) -> Iterator[tuple[TimeOfDay | None, str]]:
    """Yield what of a uniform text may be its time, and the rest, the likeliest way first."""
    for pattern, named in _NAMED:
        for found in pattern.finditer(text):
            yield TimeOfDay(known=named), _without(text, found)
    for clock, rest in _clocks(text, (_POINTED,), None):
        yield clock, rest
    yield None, text
    for pattern, part in _PARTS:
        for found in pattern.finditer(text):
            rest = _without(text, found)
            yield from _clocks(rest, _CLOCKS, part)
            vague = tuple(hour * 60 for hour in VAGUE[part])
            yield TimeOfDay(known=vague, vague=True), rest
    yield from _clocks(text, _CLOCKS, None)


def _clocks(
    text: str, patterns: tuple[re.Pattern[str], ...], part: Part | None
) -> Iterator[tuple[TimeOfDay, str]]:
    for pattern in patterns:
        for found in reversed(list(pattern.finditer(text))):
            clock = _clock(found, part)
            if clock:
                yield TimeOfDay(clock), _without(text, found)


def _clock(found: re.Match[str], part: Part | None) -> Clock | None:
    told = found.groupdict()
    hour, minute = int(told["hour"]), int(told.get("minute") or 0)
    half = bool(told.get("half"))
    if told.get("after"):
        part = WRITTEN_AFTER[told["after"]]
    if minute > 59 or hour > 24 or (hour == 24 and minute) or (part in ("am", "pm") and hour > 12):
        return None
    exact = bool(told.get("minute"))
    return Clock(hour, 30 if half else minute, part, exact=exact and not half)


def _in_part(hour: int, minute: int, part: Part) -> Minutes:
    """Return an hour of the clock with twelve, in the part of the day that was named."""
    at = hour * 60 + minute
    if hour > 12:
        return (at,)
    match part:
        case "am" | "morning":
            return (at % NOON,)
        case "pm" | "evening":
            at = at % NOON + NOON
            return (DAY + minute,) if part == "evening" and hour == 12 else (at,)
        case "day":
            return (at + NOON,) if hour < 8 else (at,)
        case "night":
            return (at if hour < 9 else at + NOON,)
        case "tonight":
            return (at + DAY if hour < 5 else at + NOON,)


def _without(text: str, found: re.Match[str]) -> str:
    return " ".join(f"{text[: found.start()]} {text[found.end() :]}".split())
