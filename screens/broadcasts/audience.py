"""Whom a mailing is for: toggles, each with how many people that is."""

from collections.abc import Mapping

from msgspec import Struct

from contracts.base import Language
from contracts.broadcasts import AudienceCount, Mailing
from contracts.screens import Screen
from screens.broadcasts.buttons import (
    BotToggle,
    CardButton,
    DaysToggle,
    LanguageToggle,
    NoListButton,
    PartButton,
)
from screens.broadcasts.parts import LANGUAGES, audience_lines, bot_name, people
from screens.buttons import Row, button
from screens.texts import Texts


class Options(Struct, frozen=True, kw_only=True):
    """How many people each choice stands for, with all other choices as they are."""

    count: AudienceCount
    bots: Mapping[str, int]
    languages: Mapping[Language, int]
    days: Mapping[int, int]
    """By the number of days; 0 for whenever."""


def audience(mailing: Mailing, options: Options, say: Texts) -> Screen:
    """Return the choices; what is chosen has a mark."""
    lines = [*audience_lines(mailing.audience, say), "", *_reached(options.count, say)]
    rows = (
        *_bots(mailing, options, say),
        _languages(mailing, options),
        *_days(mailing, options, say),
        *_list(mailing, say),
        (button(say.plain("Back"), CardButton(mailing_id=mailing.mailing_id)),),
    )
    return Screen(text="\n".join(lines), buttons=rows)


def last_bot(say: Texts) -> str:
    """Return the toast for whoever wants to leave out the only bot."""
    return say.plain("At least one bot, please.")


def _reached(count: AudienceCount, say: Texts) -> list[str]:
    lines = [say("Would reach: <b>{people}</b>", people=people(count.people, say))]
    if len(count.bots) > 1:
        lines += [
            say("by {bot}: {people}", bot=bot_name(bot.app), people=people(bot.people, say))
            for bot in count.bots
        ]
    if count.opted_out:
        lines.append(say("Opted out of this kind: {n}", n=say.number(count.opted_out)))
    if count.unreachable:
        lines.append(say("Blocked these bots: {n}", n=say.number(count.unreachable)))
    return lines


def _bots(mailing: Mailing, options: Options, say: Texts) -> tuple[Row, ...]:
    here = {"mailing_id": mailing.mailing_id, "version": mailing.version}
    chosen = mailing.audience.apps
    buttons = [
        button(
            f"{_mark(app in chosen)}{bot_name(app)} ({say.number(count)})",
            BotToggle(app=app, **here),
        )
        for app, count in options.bots.items()
    ]
    return tuple(tuple(buttons[start : start + 2]) for start in range(0, len(buttons), 2))


def _languages(mailing: Mailing, options: Options) -> Row:
    here = {"mailing_id": mailing.mailing_id, "version": mailing.version}
    chosen = mailing.audience.languages
    return tuple(
        button(
            f"{_mark(language in chosen)}{LANGUAGES[language]} ({count})",
            LanguageToggle(language=language, **here),
        )
        for language, count in options.languages.items()
    )


def _days(mailing: Mailing, options: Options, say: Texts) -> tuple[Row, ...]:
    here = {"mailing_id": mailing.mailing_id, "version": mailing.version}
    chosen = mailing.audience.active_days
    row = tuple(
        button(
            f"{_mark(days == chosen)}{_within(days, say)} ({count})", DaysToggle(days=days, **here)
        )
        for days, count in options.days.items()
    )
    other = PartButton(mailing_id=mailing.mailing_id, part="days")
    return (row[:1], (*row[1:], button(say.plain("Active within…"), other)))


def _within(days: int, say: Texts) -> str:
    return say.plural("{n} day", "{n} days", days) if days else say.plain("Whenever active")


def _list(mailing: Mailing, say: Texts) -> tuple[Row, ...]:
    mailing_id = mailing.mailing_id
    ask = button(say.plain("Only a list…"), PartButton(mailing_id=mailing_id, part="list"))
    if not mailing.audience.list_id:
        return ((ask,),)
    here = NoListButton(mailing_id=mailing_id, version=mailing.version)
    more = PartButton(mailing_id=mailing_id, part="more")
    return (
        (button(say.plain("Add to the list…"), more),),
        (ask, button(say.plain("Without the list"), here)),
    )


def _mark(chosen: bool) -> str:
    return "✓ " if chosen else ""
