"""The field that takes a moment: from a calendar and a clock of buttons, or as people write it."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime

from aiogram.filters.callback_data import CallbackData
from aiogram.types import Message

from contracts.base import Page
from screens import forms as form_screens
from screens import moments as screens
from screens.buttons import Row
from screens.months import Month
from services.bot.conversation import Conversation
from services.bot.forms.fields import AnyMessage, Offer
from services.bot.forms.limits import Unclear, Unfit
from services.bot.forms.moment_numbers import (
    CLOSED,
    LAST_YEAR,
    Kind,
    days_of,
    last_minute,
    meaning,
    number,
    number_of_day,
    number_of_days,
    number_of_month,
)
from services.bot.forms.picking import Picker, Press
from services.bot.forms.state import Answer, FormState
from services.bot.forms.written import Reading, is_to_come, read_moment, shown_by_clocks


def no_suggestions(_: Conversation) -> tuple[Answer, ...]:
    return ()


@dataclass(frozen=True, kw_only=True)
class Moment(Picker):
    """A minute to come where the person is; the answer is `YYYY-MM-DDTHH:MM`, as clocks show it.

    `suggest` names answers that need only be pressed; one of None stands for no moment at all. The
    calendar opens where the answer to the field `near` is, if there is one.
    """

    suggest: Callable[[Conversation], tuple[Answer, ...]] = no_suggestions
    near: str = ""

    async def offer(self, conversation: Conversation, page: Page) -> Offer:
        suggested = self.suggest(conversation)
        return Offer(suggested, len(suggested))

    async def read(
        self, message: Message, command: AnyMessage, conversation: Conversation
    ) -> Answer:
        return self._read(message.text, None, conversation)

    async def read_at(
        self, view: int, message: Message, command: AnyMessage, conversation: Conversation
    ) -> Answer:
        kind, at = meaning(view)
        day = at.date() if kind in (Kind.DAY, Kind.HOUR) else None
        return self._read(message.text, day, conversation)

    def _read(self, text: str | None, day: date | None, conversation: Conversation) -> Answer:
        """Read a text; a time without a day is on the one whose times are shown, if any are."""
        if text is None:
            raise Unfit(form_screens.wants_text(conversation.say))
        return understand(text, read_moment(text, conversation.now, day), conversation)

    def first_view(self, state: FormState, conversation: Conversation) -> int:
        """Return the month of the answer that is to be changed, else the current one."""
        given = state.answers.get(self.name) or state.answers.get(self.near)
        month = conversation.now
        if given and isinstance(given.value, str):
            month = datetime.fromisoformat(given.value)
        return number_of_month(month.year, month.month)

    def prompt(self, view: int, conversation: Conversation) -> str:
        kind, at = meaning(view)
        match kind:
            case Kind.DAY:
                return screens.ask_time(at.date(), conversation.say)
            case Kind.HOUR:
                return screens.ask_minute(at, conversation.say)
            case _:
                return ""

    def buttons(self, view: int, press: Press, conversation: Conversation) -> tuple[Row, ...]:
        say, now = conversation.say, conversation.now.replace(tzinfo=None)
        presses = _Presses(press)
        kind, at = meaning(view)
        match kind:
            case Kind.MONTH:
                month = (at.year, at.month)
                return screens.month(month, now.date(), say, choose=presses.day, turn=presses.month)
            case Kind.DAY:
                to_month = screens.back_to_month((at.year, at.month), say, presses.month)
                return (*screens.times(at, now, say, presses.minute, presses.hour), to_month)
            case Kind.HOUR:
                to_day = screens.back_to_day(at.date(), say, presses.day)
                return (*screens.minutes(at, say, presses.minute), to_day)
            case _:
                days = days_of(view) if kind is Kind.DAYS else ()
                calendar = screens.open_calendar(say, presses.month((now.year, now.month)))
                return (*screens.days(days, say, presses.day), calendar)

    def pick(self, number: int, view: int, conversation: Conversation) -> Answer | int:
        try:
            kind, at = meaning(number)
        except OverflowError:
            raise Unfit(screens.too_far(LAST_YEAR, conversation.say)) from None
        if kind in (Kind.DAYS, Kind.CLOSED):
            return view
        if at.year > LAST_YEAR:
            raise Unfit(screens.too_far(LAST_YEAR, conversation.say))
        if kind is Kind.MINUTE:
            return _take(at, conversation)
        if not is_to_come(last_minute(kind, at), conversation.now):
            raise Unfit(screens.over(conversation.say))
        return number


def understand(text: str, reading: Reading | None, conversation: Conversation) -> Answer:
    """Return what was read as an answer; raises Unclear where the person has to choose."""
    say = conversation.say
    if reading is None:
        raise Unfit(screens.not_understood(say))
    found = tuple(answer_of(moment, conversation) for moment in reading.moments)
    match reading.doubt:
        case None:
            return found[0]
        case "no_time" if len(reading.days) == 1:
            raise Unclear("", (), view=number_of_day(reading.days[0]))
        case "no_time":
            view = number_of_days(reading.days[0], reading.days[1])
            raise Unclear(screens.which_day(text, say), (), view=view)
        case "several":
            raise Unclear(screens.several(text, say), found, view=CLOSED)
        case "vague":
            raise Unclear(screens.vague(text, say), found, view=CLOSED)
        case "over" if found:
            raise Unclear(screens.over_but(text, say), found, view=CLOSED)
        case "over":
            raise Unfit(screens.over(say))
        case "no_such_time":
            raise Unclear(screens.no_such_time(text, say), found, view=CLOSED)
        case "too_far":
            raise Unfit(screens.too_far(LAST_YEAR, say))


def answer_of(moment: datetime, conversation: Conversation) -> Answer:
    """Return a local time as an answer."""
    value = moment.isoformat(timespec="minutes")
    return Answer(value, conversation.say.local(moment))


def _take(at: datetime, conversation: Conversation) -> Answer:
    """Return a pressed minute, or raise why it is none."""
    say = conversation.say
    if not is_to_come(at, conversation.now):
        raise Unfit(screens.over(say))
    found = shown_by_clocks(at, conversation.now)
    if found != (at,):
        answers = tuple(answer_of(moment, conversation) for moment in found)
        raise Unclear(screens.no_such_time(screens.clock(at, say), say), answers, view=CLOSED)
    return answer_of(at, conversation)


@dataclass(frozen=True, slots=True)
class _Presses:
    """What the buttons of a calendar send."""

    press: Press

    def month(self, month: Month) -> CallbackData:
        return self.press(number_of_month(*month))

    def day(self, day: date) -> CallbackData:
        return self.press(number_of_day(day))

    def hour(self, at: datetime) -> CallbackData:
        return self.press(number(Kind.HOUR, at))

    def minute(self, at: datetime) -> CallbackData:
        return self.press(number(Kind.MINUTE, at))
