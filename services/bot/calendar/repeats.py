"""The field that takes how a task repeats: by buttons, or as people write it."""

import re
from dataclasses import dataclass
from datetime import datetime

import msgspec
from aiogram.types import Message

from contracts.base import Page
from contracts.calendar import Repeat
from screens import calendar as screens
from screens import forms as form_screens
from screens.buttons import Row
from services.bot.conversation import Conversation
from services.bot.forms import Answer, FormState, Offer, Picker, Press, Unfit
from services.bot.forms.fields import AnyMessage
from services.bot.forms.written import uniform

MOST_DAYS = 366
INTERVALS = (2, 3, 4, 5, 7, 10, 14, 28)
MOST_WORDS = 9
DAY_NAMES = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
"""As moments are read, in whatever language the rest is written."""
SIMPLE = (Repeat(every="day"), Repeat(every="weekday"), Repeat(every="month"))

# Numbers of views, and from EACH on of answers: of SIMPLE, of a set of weekdays, of an interval.
WAYS, DAYS_APART, WEEK = 0, 1, 128
EACH, WEEKLY, EVERY = 256, 512, 1024
WAYS_FROM = 2048
"""The first view, which knows the weekdays that are likely."""

_WEEKDAYS = (
    r"mon\w*|пн|понед\w*",
    r"tue\w*|вт|вторн\w*",
    r"wed\w*|ср|сред\w*",
    r"thu\w*|чт|четв\w*",
    r"fri\w*|пт|пятн\w*",
    r"sat\w*|сб|субб\w*",
    r"sun\w*|вс|воскр\w*",
)
_SIMPLE = (
    r"(?:every ?day|daily|ежедневно|кажд\w+ (?:день|1 day))",
    r"(?:every |on )?(?:weekdays?|working days?)|mon ?- ?fri"
    r"|(?:по )?(?:будн\w+|рабоч\w+ дн\w+)|пн ?- ?пт",
    r"(?:every month|monthly|ежемесячно|кажд\w+ месяц)",
)
_INTERVAL = re.compile(
    r"(?:(?:every|each|once in|кажд\w+|раз в)\s+)?(?P<number>\d{1,4})"
    r"(?:\s+(?:days?|d|день|дня|дней|дн))?"
)
_WEEKS = re.compile(
    r"(?:weekly|еженедельно|(?:every|each|once|кажд\w+|раз в)\s+(?:(?P<number>\d{1,2})\s+)?"
    r"(?:weeks?|недел[юиь]))"
)
_OTHER_DAY = re.compile(r"every (?:other|second) day|через день")
_ALWAYS_REPEATS = re.compile(
    r"(?:(?:every|each|кажд\w+|ежедневно|еженедельно|ежемесячно)\b"
    r"|по (?:[пвсч][нтрбс]\b|буд|раб|\w+ам)).*(?<!\d)"
)
"""Among other words "daily" may be a name, and "every 2" needs a unit."""
_BEFORE_DAYS = re.compile(r"^(?:every week|weekly|еженедельно|кажд\w+ неделю)?\s*")
_BETWEEN_DAYS = re.compile(r"[\s,]+|\band\b|\bи\b|\bevery\b|\bon\b|\bпо\b|\bв\b|\bво\b|\bкажд\w+")


def value_of(repeat: Repeat | None) -> str | None:
    """Return how a task repeats as forms keep it."""
    return msgspec.json.encode(repeat).decode() if repeat else None


def repeat_of(value: str | None) -> Repeat | None:
    """Return what `value_of` kept."""
    return msgspec.json.decode(value, type=Repeat) if value else None


@dataclass(frozen=True, kw_only=True)
class Repeats(Picker):
    """How a task repeats, as `value_of` keeps it; `removable` offers that it does not.

    Who chooses days of the week finds that of the answer to `near` ticked, a local time.
    """

    removable: bool = False
    near: str = ""

    async def offer(self, conversation: Conversation, page: Page) -> Offer:
        if not self.removable:
            return Offer()
        return Offer((Answer(None, screens.no_repeat(conversation.say)),), 1)

    async def read(
        self, message: Message, command: AnyMessage, conversation: Conversation
    ) -> Answer:
        if message.text is None:
            raise Unfit(form_screens.wants_text(conversation.say))
        repeat = read_repeat(message.text)
        if repeat is None:
            raise Unfit(screens.wants_repeat(conversation.say))
        return answer_of_repeat(repeat, conversation)

    def first_view(self, state: FormState, conversation: Conversation) -> int:
        deadline = state.answers.get(self.near)
        if deadline is None or not isinstance(deadline.value, str):
            return WAYS_FROM
        return WAYS_FROM + (1 << datetime.fromisoformat(deadline.value).weekday())

    def prompt(self, view: int, conversation: Conversation) -> str:
        if WEEK <= view < EACH:
            return screens.ask_weekdays(conversation.say)
        return screens.ask_intervals(conversation.say) if view == DAYS_APART else ""

    def buttons(self, view: int, press: Press, conversation: Conversation) -> tuple[Row, ...]:
        say = conversation.say
        if WEEK <= view < EACH:
            return screens.weekday_choices(
                lambda day: bool(view & 1 << day),
                lambda day: press(view ^ 1 << day),
                press(WEEKLY + view - WEEK),
                press(WAYS),
                say,
            )
        if view == DAYS_APART:
            return screens.interval_choices(
                INTERVALS, lambda days: press(EVERY + days), press(WAYS), say
            )
        likely = view - WAYS_FROM if view >= WAYS_FROM else 0
        simple = [(repeat, EACH + place) for place, repeat in enumerate(SIMPLE)]
        return screens.repeat_choices(simple, WEEK + likely, DAYS_APART, say, press)

    def pick(self, number: int, view: int, conversation: Conversation) -> Answer | int:
        if number in (WAYS, DAYS_APART) or WEEK <= number < EACH:
            return number
        if number == WEEKLY:
            raise Unfit(screens.wants_weekday(conversation.say))
        if EACH <= number < EACH + len(SIMPLE):
            return answer_of_repeat(SIMPLE[number - EACH], conversation)
        if WEEKLY < number < WEEKLY + WEEK:
            days = tuple(day for day in range(7) if number & 1 << day)
            return answer_of_repeat(Repeat(every="week", days=days), conversation)
        if EVERY < number <= EVERY + MOST_DAYS:
            return answer_of_repeat(Repeat(every="days", interval=number - EVERY), conversation)
        return view


def read_repeat(text: str) -> Repeat | None:
    """Return how something repeats, in Russian or English; None where that is not understood."""
    text = uniform(text)
    for repeat, pattern in zip(SIMPLE, _SIMPLE, strict=True):
        if re.fullmatch(pattern, text):
            return repeat
    if _OTHER_DAY.fullmatch(text):
        return Repeat(every="days", interval=2)
    interval = _INTERVAL.fullmatch(text)
    if interval:
        number = int(interval["number"])
        if number == 1:
            return SIMPLE[0]
        return Repeat(every="days", interval=number) if 1 < number <= MOST_DAYS else None
    weeks = _WEEKS.fullmatch(text)
    if weeks:
        number = int(weeks["number"] or 1) * 7
        return Repeat(every="days", interval=number) if 0 < number <= MOST_DAYS else None
    days = [_weekday(word) for word in _BETWEEN_DAYS.split(_BEFORE_DAYS.sub("", text)) if word]
    if not days or None in days:
        return None
    return Repeat(every="week", days=tuple(sorted({day for day in days if day is not None})))


def split_repeat(line: str) -> tuple[str, Repeat | None]:
    """Return what is left of a line without the words that say how a task repeats, and that.

    A single weekday stays in the line: it is the day of the deadline as well.
    """
    words = line.split()
    for begin in range(len(words)):
        for end in range(min(len(words), begin + MOST_WORDS), begin, -1):
            said = " ".join(words[begin:end])
            repeat = read_repeat(said) if _ALWAYS_REPEATS.fullmatch(uniform(said)) else None
            if repeat:
                stays = (DAY_NAMES[repeat.days[0]],) if len(repeat.days) == 1 else ()
                return " ".join((*words[:begin], *stays, *words[end:])), repeat
    return line, None


def answer_of_repeat(repeat: Repeat, conversation: Conversation) -> Answer:
    """Return the answer of a form that a task repeats so."""
    return Answer(value_of(repeat), screens.repeat_words(repeat, conversation.say))


def _weekday(word: str) -> int | None:
    found = (day for day, forms in enumerate(_WEEKDAYS) if re.fullmatch(forms, word))
    return next(found, None)
