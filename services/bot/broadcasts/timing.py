"""When a mailing goes out: at once, at a moment, or by everybody's own clock."""

from datetime import datetime
from zoneinfo import ZoneInfo

from aiogram.types import CallbackQuery
from msgspec.structs import replace

from bus import QueryUnavailable
from contracts.broadcasts import ChangeMailing, Mailing, Timing
from screens import broadcasts as screens
from screens.broadcasts import NowButton, QuietToggle, TimingButton
from services.bot import forms
from services.bot.broadcasts import cards
from services.bot.broadcasts.front_door import FRONT_DOOR
from services.bot.conversation import Conversation
from services.bot.forms import Form, Moment
from services.bot.forms.form import Answers


async def show(_: CallbackQuery, callback_data: TimingButton, conversation: Conversation) -> None:
    await _show(callback_data.mailing_id, conversation)


async def send_at_once(
    _: CallbackQuery, callback_data: NowButton, conversation: Conversation
) -> None:
    mailing = await cards.as_shown(callback_data, conversation)
    if mailing:
        await _change(mailing, replace(mailing.timing, at=None, local=None), conversation)


async def toggle_quiet_hours(
    _: CallbackQuery, callback_data: QuietToggle, conversation: Conversation
) -> None:
    mailing = await cards.as_shown(callback_data, conversation)
    if mailing:
        respected = mailing.timing.respect_quiet_hours
        timing = replace(mailing.timing, respect_quiet_hours=not respected)
        await _change(mailing, timing, conversation)


async def set_time(answers: Answers, conversation: Conversation) -> None:
    """Take a moment by the clock of whoever sends, or a time by everybody's own."""
    mailing = await cards.find(answers["mailing_id"], conversation)
    if mailing is None:
        return
    if "local" in answers:
        timing = replace(mailing.timing, at=None, local=answers["local"])
    else:
        zone = ZoneInfo(conversation.person.time_zone)
        at = datetime.fromisoformat(answers["moment"]).replace(tzinfo=zone)
        timing = replace(mailing.timing, at=at, local=None)
    await _change(mailing, timing, conversation)


async def back_to_timing(answers: Answers, conversation: Conversation, word: str) -> None:
    """Show the times again whose question was left."""
    await _show(answers["mailing_id"], conversation, word)


MOMENT = Form(
    name="broadcasts.moment",
    command=ChangeMailing,
    fields=(Moment(name="moment", label=screens.moment_label, question=screens.ask_moment),),
    home=FRONT_DOOR.home,
    review=False,
    finish=set_time,
    left=back_to_timing,
)

LOCAL = Form(
    name="broadcasts.local",
    command=ChangeMailing,
    fields=(Moment(name="local", label=screens.moment_label, question=screens.ask_local),),
    home=FRONT_DOOR.home,
    review=False,
    finish=set_time,
    left=back_to_timing,
)


async def ask_moment(mailing_id: int, conversation: Conversation) -> None:
    """Ask for a moment."""
    await forms.start(MOMENT, conversation, mailing_id=mailing_id)


async def ask_local(mailing_id: int, conversation: Conversation) -> None:
    """Ask for a time by everybody's own clock."""
    await forms.start(LOCAL, conversation, mailing_id=mailing_id)


async def _show(mailing_id: int, conversation: Conversation, remark: str = "") -> None:
    try:
        mailing = await cards.find_draft(mailing_id, conversation, remark)
        if mailing is None:
            return
    except QueryUnavailable:
        await cards.cannot_look_up(TimingButton(mailing_id=mailing_id), conversation)
        return
    screen = screens.timing(mailing, conversation.person.time_zone, conversation.say)
    await conversation.show(cards.below(remark, screen))


async def _change(mailing: Mailing, timing: Timing, conversation: Conversation) -> None:
    if await cards.change(mailing, conversation, timing=timing):
        await _show(mailing.mailing_id, conversation)
