"""The last question before what many people get or lose; it names how many."""

from contracts.broadcasts import Content, Mailing
from contracts.people import Category
from contracts.screens import Screen, visible_length
from screens.broadcasts.buttons import (
    CancelMailingButton,
    CardButton,
    CategoryButton,
    DeleteDraftButton,
    EditSentButton,
    StartButton,
    WithdrawButton,
)
from screens.broadcasts.parts import (
    audience_lines,
    content_lines,
    excerpt,
    people,
    quoted,
    timing_lines,
)
from screens.buttons import Row, button
from screens.opting_out import category_name
from screens.texts import Texts

LONGEST_SHOWN = 3500
"""Characters that leave room for a question below them."""

CATEGORIES: tuple[Category, ...] = ("news", "offers", "surveys")


def confirm_start(mailing: Mailing, count: int, time_zone: str, say: Texts) -> Screen:
    """Return everything about the mailing once more."""
    whom = people(count, say)
    scheduled = mailing.timing.at or mailing.timing.local
    if scheduled and mailing.state == "draft":
        ask = say("Shall it be sent to <b>{people}</b> when it is time?", people=whom)
        yes = say.plain("Yes, schedule it")
    else:
        ask = say("Shall it be sent to <b>{people}</b>?", people=whom)
        yes = say.plain("Yes, send it")
    lines = [
        *quoted(mailing.content),
        *content_lines(mailing.content, say),
        *audience_lines(mailing.audience, say),
        *([] if mailing.state == "scheduled" else timing_lines(mailing.timing, time_zone, say)),
        "",
        ask,
    ]
    sure = StartButton(mailing_id=mailing.mailing_id, version=mailing.version, sure=True)
    return Screen(
        text="\n".join(lines), buttons=((button(yes, sure),), _back(mailing.mailing_id, say))
    )


def nobody(say: Texts) -> str:
    """Return the alert for a mailing that would reach nobody (plain)."""
    return say.plain("Nobody would get it. Please choose another audience.")


def confirm_cancel(mailing: Mailing, say: Texts) -> Screen:
    left = mailing.progress.left or (mailing.people if mailing.state == "scheduled" else 0)
    text = say(
        "Shall the mailing be stopped for good? <b>{people}</b> will not get it then.",
        people=people(left, say),
    )
    sure = CancelMailingButton(mailing_id=mailing.mailing_id, sure=True)
    return Screen(
        text=text,
        buttons=(
            (button(say.plain("Yes, cancel it"), sure),),
            _back(mailing.mailing_id, say),
        ),
    )


def confirm_edit(mailing_id: int, text: str, count: int, say: Texts) -> Screen:
    """Return the new text as it will look (HTML) above the question, cut where both do not fit."""
    if visible_length(text) > LONGEST_SHOWN:
        text = excerpt(Content(text=text))
    ask = say("Shall this text replace what <b>{people}</b> got?", people=people(count, say))
    yes = button(say.plain("Yes, edit it"), EditSentButton(mailing_id=mailing_id, sure=True))
    return Screen(text=f"{text}\n\n{ask}", buttons=((yes,), _back(mailing_id, say)))


def confirm_withdrawal(mailing: Mailing, say: Texts) -> Screen:
    text = say(
        "Shall the message be deleted from the chats of <b>{people}</b>? Telegram lets bots "
        "delete what is at most 48 hours old. This cannot be undone.",
        people=people(mailing.editable, say),
    )
    yes = WithdrawButton(mailing_id=mailing.mailing_id, sure=True)
    return Screen(
        text=text,
        buttons=((button(say.plain("Yes, delete it"), yes),), _back(mailing.mailing_id, say)),
    )


def confirm_deletion(mailing_id: int, say: Texts) -> Screen:
    yes = DeleteDraftButton(mailing_id=mailing_id, sure=True)
    return Screen(
        text=say("Shall the draft be deleted?"),
        buttons=((button(say.plain("Yes, delete it"), yes),), _back(mailing_id, say)),
    )


def choose_category(mailing: Mailing, say: Texts) -> Screen:
    here = {"mailing_id": mailing.mailing_id, "version": mailing.version}
    rows = tuple(
        (
            button(
                f"{'✓ ' if category == mailing.audience.category else ''}"
                f"{category_name(category, say)}",
                CategoryButton(category=category, **here),
            ),
        )
        for category in CATEGORIES
    )
    text = say("What kind of mailing is it? Who does not want that kind will not get it.")
    return Screen(text=text, buttons=(*rows, _back(mailing.mailing_id, say)))


def _back(mailing_id: int, say: Texts) -> Row:
    return (button(say.plain("Back"), CardButton(mailing_id=mailing_id)),)
