"""What people write, made uniform: one case, numbers as digits, and the units of time apart."""

import re
import unicodedata

NUMBERS = {
    1: "one один одна одну одного одной",
    2: "two два две двух",
    3: "three три трех",
    4: "four четыре четырех",
    5: "five пять пяти",
    6: "six шесть шести",
    7: "seven семь семи",
    8: "eight восемь восьми",
    9: "nine девять девяти",
    10: "ten десять десяти",
    11: "eleven одиннадцать одиннадцати",
    12: "twelve двенадцать двенадцати",
}
_DIGITS = {word: str(number) for number, words in NUMBERS.items() for word in words.split()}

_HALF_TOLD = {
    "первого": 12,
    "второго": 1,
    "третьего": 2,
    "четвертого": 3,
    "пятого": 4,
    "шестого": 5,
    "седьмого": 6,
    "восьмого": 7,
    "девятого": 8,
    "десятого": 9,
    "одиннадцатого": 10,
    "двенадцатого": 11,
}
"""In Russian half past five is the half of the sixth hour."""

UNITS = {
    "minute": r"minutes?|mins?|m|минут[аыу]?|мин|м",
    "hour": r"hours?|hrs?|h|час(?:а|ов)?|ч",
    "day": r"days?|d|день|дня|дней|дн|сутки|суток",
    "week": r"weeks?|wks?|w|недел[яиюь]|нед",
    "month": r"months?|месяц(?:а|ев)?|мес",
    "year": r"years?|год(?:а)?|лет",
}
ANY_UNIT = "|".join(UNITS.values())

_REPLACED: tuple[tuple[str, str], ...] = (
    (r"[«»\"“”!?;]|,(?!\d)|\.(?=\s|$)", " "),
    (r"[‐-―]", "-"),
    (r"\b([ap])\.\s?m\b\.?", r"\1m"),
    (r"(?<=\d)t(?=\d{2}:)", " "),
    (r"(?<=\d)(?!(?:st|nd|rd|th|го|е|ое|ого)\b)(?=[^\W\d_])", " "),
    (r"(?<=[^\W\d_])(?=\d)", " "),
    (r"(?<=\d)-(?=(?:го|е|ое|ого)\b)", ""),
    (r"\btonight\b", "today tonight"),
    (r"\b(?:the )?day after tomorrow\b", "overmorrow"),
    (r"\b(?:tmrw?|tomorow|tommorow|tommorrow)\b", "tomorrow"),
    (r"\b(?:half an hour|half hour|полчаса|пол часа)\b", "30 minutes"),
    (r"\b(?:(?:an )?hour and a half|1 and a half hours|полтора часа)\b", "90 minutes"),
    (r"\b(?:a couple of|couple of|пару|пара)\b", "2"),
    (r"\b(в|к|до) часу?\b", r"\1 1"),
    (r"\bчас (?=дня|ночи)", "1 "),
    (rf"\b(?:an?|the) (?=(?:{ANY_UNIT})\b)", "1 "),
    (r"\b(?:пол|половин[аеу] )\s?(" + "|".join(_HALF_TOLD) + r")\b", r"half-told \1"),
)


def uniform(text: str) -> str:
    """Return what was written in lower case on one line, as all that reads it here expects it."""
    text = unicodedata.normalize("NFC", text).casefold().replace("ё", "е")
    text = re.sub(r"\b[^\W\d_]+\b", lambda word: _DIGITS.get(word[0], word[0]), text)
    for pattern, replacement in _REPLACED:
        text = re.sub(pattern, replacement, text)
    text = re.sub(r"half-told (\w+)", lambda told: f"half past {_HALF_TOLD[told[1]]}", text)
    return " ".join(text.split())
