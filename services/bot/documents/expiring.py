"""How documents get the day on which they expire, and what is done about a reminder."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from aiogram.types import CallbackQuery

from bus import QueryUnavailable
from contracts.documents import (
    Document,
    ExpirySet,
    GetDocument,
    Missing,
    SetExpiry,
    StopReminding,
)
from screens import documents as screens
from screens import errors
from screens.documents import ExpiryButton, RenewedButton, StopRemindingButton
from services.bot import forms
from services.bot.conversation import Conversation
from services.bot.documents.adding import FRONT_DOOR
from services.bot.executing import execute_and_show
from services.bot.forms import Answer, Date, Form


def usual_days(conversation: Conversation) -> tuple[Answer, ...]:
    say = conversation.say
    today = datetime.now(UTC).astimezone(ZoneInfo(conversation.person.time_zone)).date()
    return (
        Answer(in_a_year(today).isoformat(), screens.in_a_year(say)),
        Answer(None, screens.no_expiry(say)),
    )


def in_a_year(today: date) -> date:
    """Return the same day of the next year, the one before where that has none."""
    leap_day = (today.month, today.day) == (2, 29)
    return today.replace(year=today.year + 1, day=28 if leap_day else today.day)


def expiry_of(document_id: int, version: int, expires_on: str | None) -> SetExpiry:
    day = date.fromisoformat(expires_on) if expires_on else None
    return SetExpiry(document_id=document_id, version=version, expires_on=day)


EXPIRY = Form(
    name="documents.expiry",
    command=SetExpiry,
    fields=(
        Date(
            name="expires_on",
            label=screens.expiry_label,
            question=screens.ask_expiry,
            suggest=usual_days,
        ),
    ),
    done=ExpirySet,
    home=FRONT_DOOR.home,
    review=False,
    build=expiry_of,
)


async def begin_to_set_expiry(
    _: CallbackQuery, callback_data: ExpiryButton, conversation: Conversation
) -> None:
    document, version = callback_data.document_id, callback_data.version
    await forms.start(EXPIRY, conversation, document_id=document, version=version)


async def renew(_: CallbackQuery, callback_data: RenewedButton, conversation: Conversation) -> None:
    """Ask for the new day; a reminder is older than the version that it is set on."""
    try:
        found = await conversation.ask(GetDocument(document_id=callback_data.document_id))
    except QueryUnavailable:
        retry = callback_data.pack()
        await conversation.send(errors.cannot_look_up(conversation.say, retry, conversation.code))
        return
    match found:
        case Document():
            known = {"document_id": found.document_id, "version": found.version}
            await forms.start(EXPIRY, conversation, **known)
        case Missing():
            await conversation.toast(errors.no_longer_there(conversation.say))


async def stop_reminding(
    _: CallbackQuery, callback_data: StopRemindingButton, conversation: Conversation
) -> None:
    await execute_and_show(StopReminding(document_id=callback_data.document_id), conversation)
