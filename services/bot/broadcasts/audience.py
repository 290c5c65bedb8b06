"""Whom a mailing is for: bots, languages and activity by toggles, or a list that is sent."""

import asyncio
from typing import Any, get_args

from aiogram.types import CallbackQuery
from msgspec.structs import replace

from bus import QueryUnavailable
from contracts.base import Language
from contracts.broadcasts import Audience, ChangeMailing, GetSenderRights, Mailing
from screens import broadcasts as screens
from screens import errors
from screens.broadcasts import (
    AudienceButton,
    BotToggle,
    DaysToggle,
    LanguageToggle,
    NoListButton,
    Options,
)
from services.bot import forms
from services.bot.broadcasts import cards
from services.bot.broadcasts.fields import Days
from services.bot.broadcasts.front_door import FRONT_DOOR
from services.bot.broadcasts.uploading import PeopleToAdd
from services.bot.conversation import Conversation
from services.bot.forms import Form
from services.bot.forms.form import Answers
from services.discovery import bot_apps

DAYS = (0, 7, 30)
"""What is offered; any other number can be typed."""


async def show(_: CallbackQuery, callback_data: AudienceButton, conversation: Conversation) -> None:
    await _show(callback_data.mailing_id, conversation)


async def toggle_bot(
    _: CallbackQuery, callback_data: BotToggle, conversation: Conversation
) -> None:
    """Choose a bot or leave it out; one stays."""
    mailing = await cards.as_shown(callback_data, conversation)
    if mailing is None:
        return
    if callback_data.app not in bot_apps():
        await conversation.toast(errors.button_outdated(conversation.say))
        return
    apps = _toggled(mailing.audience.apps, callback_data.app)
    if apps:
        await _change(mailing, replace(mailing.audience, apps=apps), conversation)
    else:
        await conversation.toast(screens.last_bot(conversation.say))


async def toggle_language(
    _: CallbackQuery, callback_data: LanguageToggle, conversation: Conversation
) -> None:
    """Choose a language or leave it out; none stands for all."""
    mailing = await cards.as_shown(callback_data, conversation)
    if mailing:
        languages = _toggled(mailing.audience.languages, callback_data.language)
        await _change(mailing, replace(mailing.audience, languages=languages), conversation)


async def choose_days(
    _: CallbackQuery, callback_data: DaysToggle, conversation: Conversation
) -> None:
    mailing = await cards.as_shown(callback_data, conversation)
    if mailing and callback_data.days in DAYS:
        audience = replace(mailing.audience, active_days=callback_data.days)
        await _change(mailing, audience, conversation)


async def drop_list(
    _: CallbackQuery, callback_data: NoListButton, conversation: Conversation
) -> None:
    mailing = await cards.as_shown(callback_data, conversation)
    if mailing:
        await _change(mailing, replace(mailing.audience, list_id=None), conversation)


async def narrow(answers: Answers, conversation: Conversation) -> None:
    """Take the number of days, or the list, that was sent."""
    mailing = await cards.find(answers["mailing_id"], conversation)
    if mailing is None:
        return
    if "days" in answers:
        audience = replace(mailing.audience, active_days=answers["days"])
        await _change(mailing, audience, conversation)
    else:
        list_id, report = answers["list"]
        await _change(mailing, replace(mailing.audience, list_id=list_id), conversation, report)


async def back_to_audience(answers: Answers, conversation: Conversation, word: str) -> None:
    """Show the audience again whose question was left."""
    await _show(answers["mailing_id"], conversation, word)


ACTIVITY = Form(
    name="broadcasts.days",
    command=ChangeMailing,
    fields=(Days(name="days", label=screens.days_label, question=screens.ask_days),),
    home=FRONT_DOOR.home,
    review=False,
    finish=narrow,
    left=back_to_audience,
)

LIST = Form(
    name="broadcasts.list",
    command=ChangeMailing,
    fields=(PeopleToAdd(name="list", label=screens.list_label, question=screens.ask_list),),
    home=FRONT_DOOR.home,
    review=False,
    finish=narrow,
    left=back_to_audience,
)


async def ask_days(mailing_id: int, conversation: Conversation) -> None:
    """Ask within how many days people were active."""
    await forms.start(ACTIVITY, conversation, mailing_id=mailing_id)


async def ask_list(mailing_id: int, conversation: Conversation) -> None:
    """Ask for a list of people, in the place of the one there is."""
    await forms.start(LIST, conversation, mailing_id=mailing_id)


async def ask_more(mailing_id: int, conversation: Conversation) -> None:
    """Ask for people to add to the list of a mailing; raises QueryUnavailable."""
    mailing = await cards.find(mailing_id, conversation)
    if mailing is None:
        return
    known: dict[str, int | str] = {"mailing_id": mailing_id}
    if mailing.audience.list_id:
        known["list_id"] = mailing.audience.list_id
    await forms.start(LIST, conversation, **known)


async def _show(mailing_id: int, conversation: Conversation, remark: str = "") -> None:
    try:
        mailing = await cards.find_draft(mailing_id, conversation, remark)
        if mailing is None:
            return
        options = await _options(mailing.audience, conversation)
    except QueryUnavailable:
        await cards.cannot_look_up(AudienceButton(mailing_id=mailing_id), conversation)
        return
    screen = screens.audience(mailing, options, conversation.say)
    await conversation.show(cards.below(remark, screen))


async def _change(
    mailing: Mailing, audience: Audience, conversation: Conversation, remark: str = ""
) -> None:
    if await cards.change(mailing, conversation, audience=audience):
        await _show(mailing.mailing_id, conversation, remark)


async def _options(audience: Audience, conversation: Conversation) -> Options:
    """Count people for each choice, all others as they are."""
    spoken: tuple[Language, ...] = get_args(Language)
    choices = [
        audience,
        *(replace(audience, languages=(language,)) for language in spoken),
        *(replace(audience, active_days=days) for days in DAYS),
    ]
    rights = await conversation.ask(GetSenderRights())
    now, *counts = await asyncio.gather(*(cards.count(each, conversation) for each in choices))
    people = [each.people for each in counts]
    people_of = {bot.app: bot.people for bot in rights.bots}
    return Options(
        count=now,
        bots={app: people_of.get(app, 0) for app in bot_apps() if app != conversation.app},
        languages=dict(zip(spoken, people, strict=False)),
        days=dict(zip(DAYS, people[len(spoken) :], strict=True)),
    )


def _toggled(chosen: tuple[Any, ...], one: Any) -> tuple[Any, ...]:
    if one in chosen:
        return tuple(each for each in chosen if each != one)
    return (*chosen, one)
