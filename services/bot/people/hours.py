"""The form for quiet hours, and how they may be written."""

import re
from dataclasses import dataclass

from aiogram.types import Message
from msgspec import ValidationError, convert

from contracts.base import Page
from contracts.people import ChangeQuietHours, LocalClock, QuietHours, SettingsChanged
from screens import people as screens
from services.bot.conversation import Conversation
from services.bot.forms import Answer, Form, Offer, Unfit
from services.bot.forms.fields import AnyMessage, Field
from services.bot.people.shown import ask_anew, settings

USUAL = (("22:00", "07:00"), ("22:00", "08:00"), ("23:00", "08:00"), ("00:00", "09:00"))

_CLOCK = r"(\d{1,2})(?:[:.](\d{2}))?"
HOURS = re.compile(rf"\s*{_CLOCK}\s*(?:-|–|—|\.\.)\s*{_CLOCK}\s*", re.ASCII)
IN_WORDS = re.compile(rf"\s*(?:from|с|со)\s+{_CLOCK}\s+(?:to|till|until|до)\s+{_CLOCK}\s*", re.I)
NONE = ""


@dataclass(frozen=True, kw_only=True)
class Hours(Field):
    """The part of a day in which a person wants quiet: usual ones to press, others to type."""

    async def offer(self, conversation: Conversation, page: Page) -> Offer:
        usual = (QuietHours(begins=begins, ends=ends) for begins, ends in USUAL)
        answers = tuple(_answer(hours, conversation) for hours in usual)
        return Offer((*answers, _answer(None, conversation)), len(USUAL) + 1)

    async def read(
        self, message: Message, command: AnyMessage, conversation: Conversation
    ) -> Answer:
        text = message.text or ""
        if text.strip().casefold() == screens.no_quiet_hours(conversation.say).casefold():
            return _answer(None, conversation)
        hours = read_hours(text)
        if hours is None:
            raise Unfit(screens.wants_hours(conversation.say))
        return _answer(hours, conversation)


def read_hours(text: str) -> QuietHours | None:
    """Return the hours that are written, such as `22-8`; None if they are none, or no time."""
    found = HOURS.fullmatch(text) or IN_WORDS.fullmatch(text)
    if found is None:
        return None
    begins, ends = _clock(*found.groups()[:2]), _clock(*found.groups()[2:])
    if begins is None or ends is None or begins == ends:
        return None
    return QuietHours(begins=begins, ends=ends)


def change_quiet_hours(quiet_hours: str) -> ChangeQuietHours:
    """Return the command for an answer of the form."""
    begins, _, ends = quiet_hours.partition("-")
    return ChangeQuietHours(quiet_hours=QuietHours(begins=begins, ends=ends) if ends else None)


def _clock(hour: str, minute: str | None) -> str | None:
    clock = f"{int(hour):02}:{int(minute or 0):02}"
    try:
        return convert("00:00" if clock == "24:00" else clock, LocalClock)
    except ValidationError:
        return None


def _answer(hours: QuietHours | None, conversation: Conversation) -> Answer:
    if hours is None:
        return Answer(NONE, screens.no_quiet_hours(conversation.say))
    return Answer(f"{hours.begins}-{hours.ends}", screens.hours(hours, conversation.say))


QUIET_HOURS = Form(
    name="people.quiet_hours",
    command=ChangeQuietHours,
    fields=(
        Hours(
            name="quiet_hours",
            label=screens.quiet_hours_label,
            question=screens.ask_quiet_hours,
        ),
    ),
    build=change_quiet_hours,
    done=SettingsChanged,
    home=settings,
    review=False,
    then=ask_anew,
)
