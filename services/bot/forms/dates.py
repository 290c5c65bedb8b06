"""The field that takes a day, in the few ways of writing one that cannot be mistaken."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import get_args

from aiogram.types import Message
from babel.dates import get_month_names

from contracts.base import Language, Page
from screens import forms as screens
from services.bot.conversation import Conversation
from services.bot.forms.fields import AnyMessage, Field, Offer
from services.bot.forms.limits import Unfit
from services.bot.forms.state import Answer

ISO = re.compile(r"(?P<year>\d{4})-(?P<month>\d{1,2})-(?P<day>\d{1,2})", re.ASCII)
DOTTED = re.compile(r"(?P<day>\d{1,2})\.(?P<month>\d{1,2})\.(?P<year>\d{4})", re.ASCII)
NAMED = re.compile(r"(?P<day>\d{1,2})\s+(?P<name>[^\W\d]{3,})\.?,?\s+(?P<year>\d{4})")
NAMED_FIRST = re.compile(r"(?P<name>[^\W\d]{3,})\.?\s+(?P<day>\d{1,2}),?\s+(?P<year>\d{4})")
"""Where the month is a number its place has to be certain: 3/4/2027 is another day elsewhere."""


@dataclass(frozen=True, kw_only=True)
class Date(Field):
    """A day of the calendar; `suggest` names those that are often given."""

    suggest: Callable[[Conversation], tuple[Answer, ...]]

    async def offer(self, conversation: Conversation, page: Page) -> Offer:
        suggested = self.suggest(conversation)
        return Offer(suggested, len(suggested))

    async def read(
        self, message: Message, command: AnyMessage, conversation: Conversation
    ) -> Answer:
        day = read_day(message.text or "")
        if day is None:
            raise Unfit(screens.wants_date(conversation.say))
        return Answer(day.isoformat(), conversation.say.day(day))


def read_day(text: str) -> date | None:
    """Return the day that is written, with months in any of our languages; None if it is none."""
    for form in (ISO, DOTTED, NAMED, NAMED_FIRST):
        found = form.fullmatch(text.strip())
        if found:
            return _day(found.groupdict())
    return None


def _day(written: dict[str, str]) -> date | None:
    month = int(written["month"]) if "month" in written else _month(written["name"])
    try:
        return date(int(written["year"]), month, int(written["day"]))
    except ValueError:  # there is no such day
        return None


def _month(beginning: str) -> int:
    """Return the month whose name begins so; 0 if there is none, or more than one."""
    names = _month_names()
    months = {names[name] for name in names if name.startswith(beginning.casefold())}
    return months.pop() if len(months) == 1 else 0


@cache
def _month_names() -> dict[str, int]:
    return {
        name.casefold(): month
        for language in get_args(Language)
        for context in ("format", "stand-alone")
        for month, name in get_month_names("wide", context, language).items()
    }
