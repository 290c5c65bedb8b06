"""A mailing with all that is known of it, and what can be done with it in its state."""

from contracts.broadcasts import Breakdown, Mailing, MailingPage
from contracts.screens import Screen
from screens.broadcasts.buttons import CardButton, MailingListButton, NewMailingButton
from screens.broadcasts.keyboards import composing_keyboard, keyboard
from screens.broadcasts.parts import (
    LANGUAGES,
    audience_lines,
    bot_name,
    content_lines,
    people,
    quoted,
    state_mark,
    state_name,
    timing_lines,
)
from screens.broadcasts.progress import progress_lines, result_name
from screens.buttons import button, pager
from screens.menu import to_menu
from screens.texts import Texts

BREAKDOWN_SHOWN = 12
TITLE_SHOWN = 32
"""Characters of a title on a button."""


def card(mailing: Mailing, count: int, time_zone: str, say: Texts) -> Screen:
    """Return a mailing; `count` is how many people it would reach now, before it is started."""
    if mailing.state in ("draft", "scheduled"):
        return _composing(mailing, count, time_zone, say)
    lines = [_title(mailing, say), "", *progress_lines(mailing.progress, say)]
    lines += ["", *_times(mailing, time_zone, say), *_breakdown(mailing.breakdown, say)]
    buttons = keyboard(mailing.mailing_id, mailing.state, mailing.editable, say)
    return Screen(text="\n".join(lines), buttons=buttons)


def mailing_list(page: MailingPage, at: MailingListButton, time_zone: str, say: Texts) -> Screen:
    new = button(say.plain("New mailing"), NewMailingButton())
    if not page.total:
        text = say("There are no mailings yet.")
        return Screen(text=text, buttons=((new, to_menu(say)),))
    rows = tuple(
        (
            button(
                f"{state_mark(found.state)} {found.title[:TITLE_SHOWN] or f'#{found.mailing_id}'}",
                CardButton(mailing_id=found.mailing_id),
            ),
        )
        for found in page.mailings
    )
    lines = [
        say(
            "Mailings: {first} to {last} of {total}",
            first=at.offset + 1,
            last=at.offset + len(page.mailings),
            total=page.total,
        )
    ]
    lines += [
        say(
            "{mark} <b>{title}</b>: {state}, {people}, {day}",
            mark=state_mark(found.state),
            title=found.title[:TITLE_SHOWN] or f"#{found.mailing_id}",
            state=state_name(found.state, say),
            people=people(found.people, say),
            day=say.moment(found.begins_at or found.created_at, time_zone),
        )
        for found in page.mailings
    ]
    turns = pager(at.offset, page.total, lambda offset: MailingListButton(offset=offset))
    return Screen(text="\n".join(lines), buttons=(*rows, *turns, (new, to_menu(say))))


def _composing(mailing: Mailing, count: int, time_zone: str, say: Texts) -> Screen:
    lines = [
        _title(mailing, say),
        "",
        *quoted(mailing.content),
        *content_lines(mailing.content, say),
        *audience_lines(mailing.audience, say),
        say("Would reach: <b>{people}</b>", people=people(count, say)),
        *timing_lines(mailing.timing, time_zone, say),
    ]
    buttons = composing_keyboard(mailing.mailing_id, mailing.version, mailing.state, say)
    return Screen(text="\n".join(lines), buttons=buttons)


def _title(mailing: Mailing, say: Texts) -> str:
    return say(
        "Mailing {number}: <b>{state}</b>",
        number=mailing.mailing_id,
        state=state_name(mailing.state, say),
    )


def _times(mailing: Mailing, time_zone: str, say: Texts) -> list[str]:
    lines = [*quoted(mailing.content)]
    lines += audience_lines(mailing.audience, say)
    if mailing.started_at:
        lines.append(
            say("Started: <b>{moment}</b>", moment=say.moment(mailing.started_at, time_zone))
        )
    if mailing.ended_at:
        lines.append(say("Ended: <b>{moment}</b>", moment=say.moment(mailing.ended_at, time_zone)))
    if mailing.per_second:
        rate = say.number(round(mailing.per_second, 1))
        lines.append(say("On average {rate} a second", rate=rate))
    return lines


def _breakdown(breakdown: tuple[Breakdown, ...], say: Texts) -> list[str]:
    """Return the largest parts by bot and language."""
    largest = sorted(breakdown, key=lambda part: part.people, reverse=True)[:BREAKDOWN_SHOWN]
    return [
        say(
            "{bot}, {language}: {how} {n}",
            bot=bot_name(part.app),
            language=LANGUAGES[part.language],
            how=result_name(part.result, say).casefold(),
            n=say.number(part.people),
        )
        for part in largest
        if part.people
    ]
