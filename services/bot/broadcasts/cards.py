"""Mailings are looked up, shown as cards and in a list, and changed as they were seen."""

from typing import Any

from aiogram.filters.callback_data import CallbackData
from msgspec.structs import replace

from bus import QueryUnavailable
from contracts.broadcasts import (
    Audience,
    AudienceCount,
    ChangeMailing,
    CountAudience,
    GetMailing,
    ListMailings,
    Mailing,
    MailingChanged,
    MailingPage,
    NotASender,
)
from contracts.screens import Screen
from screens import broadcasts as screens
from screens import errors, screen_of
from screens.broadcasts import CardButton, MailingListButton, VersionButton
from services.bot.conversation import Conversation
from services.bot.lists import PagedList

MAILINGS = PagedList(
    button=MailingListButton,
    page=MailingPage,
    query=lambda at, page: ListMailings(page=page),
    dated_screen=screens.mailing_list,
)


async def find(mailing_id: int, conversation: Conversation) -> Mailing | None:
    """Return a mailing; where it is gone, show those there are. Raises QueryUnavailable."""
    found = await conversation.ask(GetMailing(mailing_id=mailing_id))
    if isinstance(found, Mailing):
        return found
    await conversation.toast(errors.no_longer_there(conversation.say))
    await MAILINGS.show(MailingListButton(), conversation)
    return None


async def find_as_shown(
    mailing_id: int, version: int, conversation: Conversation
) -> Mailing | None:
    """Return a mailing; one that was changed since is shown instead. Raises QueryUnavailable."""
    mailing = await find(mailing_id, conversation)
    if mailing and mailing.version != version:
        await conversation.toast(errors.button_outdated(conversation.say))
        await put_card(mailing, conversation)
        return None
    return mailing


async def as_shown(at: VersionButton, conversation: Conversation) -> Mailing | None:
    """Return the mailing of a pressed button; where there is none to act on, show what there is."""
    try:
        return await find_as_shown(at.mailing_id, at.version, conversation)
    except QueryUnavailable:
        await cannot_look_up(at, conversation)
        return None


async def find_draft(mailing_id: int, conversation: Conversation, remark: str) -> Mailing | None:
    """Return a mailing that can be changed; of another show the card. Raises QueryUnavailable."""
    mailing = await find(mailing_id, conversation)
    if mailing and mailing.state not in ("draft", "scheduled"):
        await put_card(mailing, conversation, remark)
        return None
    return mailing


async def count(audience: Audience, conversation: Conversation) -> AudienceCount:
    """Return whom an audience has now; nobody for who may not send. Raises QueryUnavailable."""
    counted = await conversation.ask(CountAudience(audience=audience))
    if isinstance(counted, NotASender):
        return AudienceCount(people=0, bots=(), opted_out=0, unreachable=0)
    return counted


async def show_card(mailing_id: int, conversation: Conversation, remark: str = "") -> None:
    """Show a mailing below a remark (HTML)."""
    try:
        mailing = await find(mailing_id, conversation)
        if mailing:
            await put_card(mailing, conversation, remark)
    except QueryUnavailable:
        await cannot_look_up(CardButton(mailing_id=mailing_id), conversation)


async def put_card(mailing: Mailing, conversation: Conversation, remark: str = "") -> None:
    """Show a mailing that was looked up; raises QueryUnavailable."""
    people = 0
    if mailing.state in ("draft", "scheduled"):
        people = (await count(mailing.audience, conversation)).people
    zone = conversation.person.time_zone
    screen = screens.card(mailing, people, zone, conversation.say)
    await conversation.show(below(remark, screen))


async def change(mailing: Mailing, conversation: Conversation, **parts: Any) -> bool:
    """Give a mailing another content, audience or timing; say why where that is refused."""
    command = ChangeMailing(mailing_id=mailing.mailing_id, version=mailing.version, **parts)
    outcome = await conversation.execute(command)
    if isinstance(outcome, MailingChanged):
        return True
    refusal = screen_of(outcome, conversation.say)
    if refusal:
        await conversation.tell(refusal)
    return False


async def cannot_look_up(retry: CallbackData, conversation: Conversation) -> None:
    """Say that queries are not answered, with a button to try again."""
    say = conversation.say
    await conversation.show(errors.cannot_look_up(say, retry.pack(), conversation.code))


def below(remark: str, screen: Screen) -> Screen:
    """Return a screen below a remark (HTML)."""
    return replace(screen, text=f"{remark}\n\n{screen.text}") if remark else screen
