"""The calendar's own settings: when the digest comes, and the reminders of most tasks."""

from collections.abc import Iterator
from dataclasses import dataclass

from aiogram.types import CallbackQuery, Message

from bus import QueryUnavailable
from contracts.base import Page
from contracts.calendar import (
    CalendarSettingsChanged,
    ChangeCalendarSettings,
    GetCalendarSettings,
)
from screens import calendar as screens
from screens import errors
from services.bot import forms
from services.bot.calendar.front_door import FRONT_DOOR
from services.bot.calendar.reminders import Reminders, answer_of, minutes_of
from services.bot.conversation import Conversation
from services.bot.forms import Answer, Form, Offer, Unclear, Unfit
from services.bot.forms.fields import AnyMessage, Field
from services.bot.forms.written import clocks
from services.bot.forms.written.words import uniform

USUAL_DIGESTS = ("07:00", "08:00", "09:00", "20:00")


@dataclass(frozen=True, kw_only=True)
class DigestTime(Field):
    """A time of the day, or none: the answer is `HH:MM`, or empty."""

    async def offer(self, conversation: Conversation, page: Page) -> Offer:
        usual = tuple(Answer(clock, clock) for clock in USUAL_DIGESTS)
        return Offer((*usual, Answer("", screens.no_digest(conversation.say))), len(usual) + 1)

    async def read(
        self, message: Message, command: AnyMessage, conversation: Conversation
    ) -> Answer:
        meant = tuple(Answer(clock, clock) for clock in read_clock(message.text or ""))
        if not meant:
            raise Unfit(screens.wants_clock(conversation.say))
        if len(meant) > 1:
            raise Unclear(screens.which_clock(conversation.say), meant)
        return meant[0]


def read_clock(text: str) -> tuple[str, ...]:
    """Return the times of a day that a text may mean, as `HH:MM`; none where it is no time."""
    for said, rest in clocks.splits(uniform(text)):
        if said and not rest and not said.vague:
            return tuple(_clocks_at(said.minutes(of_a_day=True)))
    return ()


def _clocks_at(minutes: clocks.Minutes) -> Iterator[str]:
    """Yield each time once; the end of a day is the beginning of one."""
    for minute in dict.fromkeys(minute % clocks.DAY for minute in minutes):
        yield f"{minute // 60:02}:{minute % 60:02}"


DIGEST = Form(
    name="calendar.digest",
    command=ChangeCalendarSettings,
    fields=(DigestTime(name="digest_at", label=screens.digest_label, question=screens.ask_digest),),
    done=CalendarSettingsChanged,
    home=FRONT_DOOR.home,
    review=False,
)


def usual_reminders(*, remind_before: str) -> ChangeCalendarSettings:
    """Return the command for the answer of the form."""
    return ChangeCalendarSettings(remind_before=minutes_of(remind_before))


REMIND_BEFORE = Form(
    name="calendar.remind_before",
    command=ChangeCalendarSettings,
    fields=(
        Reminders(
            name="remind_before",
            label=screens.remind_before_label,
            question=screens.ask_remind_before,
            of_settings=False,
        ),
    ),
    done=CalendarSettingsChanged,
    home=FRONT_DOOR.home,
    review=False,
    build=usual_reminders,
)


async def show_settings(_: CallbackQuery, conversation: Conversation) -> None:
    try:
        found = await conversation.ask(GetCalendarSettings())
    except QueryUnavailable:
        retry = screens.CalendarSettingsButton().pack()
        await conversation.show(errors.cannot_look_up(conversation.say, retry, conversation.code))
        return
    await conversation.show(screens.calendar_settings(found, conversation.say))


async def begin_to_change_digest(_: CallbackQuery, conversation: Conversation) -> None:
    await forms.start(DIGEST, conversation)


async def begin_to_change_reminders(_: CallbackQuery, conversation: Conversation) -> None:
    """Ask from what they are now, or from what they are for everybody where that is not known."""
    filling = await forms.open_form(REMIND_BEFORE, conversation)
    if filling is None:
        return
    (field,) = REMIND_BEFORE.fields
    try:
        found = await conversation.ask(GetCalendarSettings())
        filling.know(field.name, answer_of(found.remind_before, conversation))
    except QueryUnavailable:
        pass
    await filling.ask(field, propose=False)
