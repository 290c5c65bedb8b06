"""How long something takes, as people write it: `2 hours 30 minutes`, `1h`, `через полчаса`."""

import re
from collections.abc import Mapping

from services.bot.forms.written.words import ANY_UNIT, UNITS, uniform

AHEAD = r"(?:in|after|through|через|спустя)"
_NUMBER = r"\d{1,6}(?:[.,]\d+)?"
_PARTS = re.compile(rf"(?:(?P<number>{_NUMBER})\s*)?(?P<unit>{ANY_UNIT})\b")
_SPAN = re.compile(
    rf"(?P<ahead>{AHEAD}\s+)?"
    rf"(?P<parts>(?:{_NUMBER}\s*)?(?:{ANY_UNIT})\b"
    rf"(?:\s*(?:and|и)?\s*{_NUMBER}\s*(?:{ANY_UNIT})\b)*)"
)
_MINUTES = {"minute": 1, "hour": 60, "day": 24 * 60, "week": 7 * 24 * 60}


class Span(dict[str, float]):
    """How many of each unit, and whether it was said to lie `ahead`: `in`, `через`."""

    ahead: bool = False

    @property
    def by_the_clock(self) -> bool:
        """Whether it counts hours or minutes, which no change of the clocks makes longer."""
        return bool({"hour", "minute"} & set(self))

    def __str__(self) -> str:
        return " ".join(f"{number:g} {unit}" for unit, number in self.items())


def read_span(text: str) -> Span | None:
    """Return the span that a uniform text is as a whole, None if it is none."""
    found = _SPAN.fullmatch(text)
    if found is None:
        return None
    span = Span()
    span.ahead = bool(found["ahead"])
    for part in _PARTS.finditer(found["parts"]):
        if part["number"] is None and not span.ahead:
            return None
        unit = _unit(part["unit"])
        number = float((part["number"] or "1").replace(",", "."))
        span[unit] = span.get(unit, 0) + number
    return span


def read_spans(text: str) -> tuple[int, ...] | None:
    """Return the spans that are listed, in minutes; None where one of them cannot be read."""
    minutes = []
    for part in re.split(r"[,;\n]|\s(?:and|и)\s(?=\d)", text):
        span = read_span(uniform(part))
        if span is None or not set(span) <= set(_MINUTES):
            return None
        minutes.append(round(_minutes(span)))
    return tuple(minutes)


def _minutes(span: Mapping[str, float]) -> float:
    return sum(number * _MINUTES[unit] for unit, number in span.items())


def _unit(written: str) -> str:
    return next(unit for unit, forms in UNITS.items() if re.fullmatch(forms, written))
