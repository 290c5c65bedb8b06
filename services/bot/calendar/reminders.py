"""The field that takes how long before a deadline reminders come: ticked, or as people write."""

from dataclasses import dataclass

from aiogram.types import Message

from contracts.base import Page
from contracts.calendar import REMIND_BEFORE, RemindBefore
from screens import calendar as screens
from screens import forms as form_screens
from screens.buttons import Row
from services.bot.conversation import Conversation
from services.bot.forms import Answer, FormState, Offer, Picker, Press, Unfit
from services.bot.forms.fields import AnyMessage
from services.bot.forms.written import read_spans

USUAL = (10, 30, 60, 120, 180, 720, 1440, 2880, 10080)
"""Minutes."""
READY = 1 << len(USUAL)
LONGEST, MOST = 40320, 10
OF_SETTINGS = "settings:"


def value_of(remind_before: RemindBefore, *, of_settings: bool = False) -> str:
    """Return reminders as forms keep them; those `of_settings` are no task's own."""
    return (OF_SETTINGS if of_settings else "") + ",".join(map(str, remind_before))


def minutes_of(value: str | None) -> RemindBefore:
    """Return the reminders that `value_of` kept, whosoever they are."""
    minutes = (value or "").removeprefix(OF_SETTINGS)
    return tuple(map(int, minutes.split(","))) if minutes else ()


def reminders_of(value: str | None) -> RemindBefore | None:
    """Return a task's own reminders, None for those of its person's settings."""
    return None if value is None or value.startswith(OF_SETTINGS) else minutes_of(value)


@dataclass(frozen=True, kw_only=True)
class Reminders(Picker):
    """How long before a deadline reminders come, as `value_of` keeps it.

    A task's own may be taken back: `of_settings` offers those of its person's settings.
    """

    of_settings: bool = True

    async def offer(self, conversation: Conversation, page: Page) -> Offer:
        if not self.of_settings:
            return Offer()
        return Offer((Answer(None, screens.as_in_settings(conversation.say)),), 1)

    async def read(
        self, message: Message, command: AnyMessage, conversation: Conversation
    ) -> Answer:
        say = conversation.say
        if message.text is None:
            raise Unfit(form_screens.wants_text(say))
        minutes = read_spans(message.text)
        if not minutes or min(minutes) < 1:
            raise Unfit(screens.wants_spans(say))
        if max(minutes) > LONGEST:
            raise Unfit(screens.span_too_long(LONGEST, say))
        if len(set(minutes)) > MOST:
            raise Unfit(screens.too_many_reminders(MOST, say))
        return answer_of(tuple(set(minutes)), conversation)

    def first_view(self, state: FormState, conversation: Conversation) -> int:
        """Return the boxes with those ticked that are to be changed."""
        given = state.answers.get(self.name)
        value = given.value if given else None
        minutes = minutes_of(value) if isinstance(value, str) else REMIND_BEFORE
        return sum(1 << place for place, usual in enumerate(USUAL) if usual in minutes)

    def buttons(self, view: int, press: Press, conversation: Conversation) -> tuple[Row, ...]:
        return screens.reminder_choices(
            USUAL,
            lambda place: bool(view & 1 << place),
            lambda place: press(view ^ 1 << place),
            press(READY + view),
            conversation.say,
        )

    def pick(self, number: int, view: int, conversation: Conversation) -> Answer | int:
        if number < READY:
            return number
        if number >= READY * 2:
            return view
        ticked = (usual for place, usual in enumerate(USUAL) if number & 1 << place)
        return answer_of(tuple(ticked), conversation)


def answer_of(remind_before: RemindBefore, conversation: Conversation) -> Answer:
    """Return reminders as an answer, the first to come in front."""
    minutes = tuple(sorted(remind_before, reverse=True))
    return Answer(value_of(minutes), screens.before_words(minutes, conversation.say))


def answer_of_settings(remind_before: RemindBefore, conversation: Conversation) -> Answer:
    """Return the reminders of a person's settings as the answer that leaves it at them."""
    words = screens.before_words(remind_before, conversation.say)
    label = screens.reminders_of_settings(words, conversation.say)
    return Answer(value_of(remind_before, of_settings=True), label)
