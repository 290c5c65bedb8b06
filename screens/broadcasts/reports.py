"""Reports on a mailing: the words of its sheet, and what is said below its chart."""

from datetime import datetime

from contracts.broadcasts import Mailing, Recipient, RecipientResult, ResultCount
from contracts.screens import Screen
from screens.broadcasts.buttons import CardButton
from screens.broadcasts.parts import LANGUAGES, bot_name
from screens.broadcasts.progress import result_name
from screens.buttons import Row, button
from screens.texts import Texts

SQUARES: dict[RecipientResult, str] = {
    "told": "🟩",
    "blocked": "🟥",
    "deactivated": "🟫",
    "refused": "🟧",
    "too_late": "🟪",
    "fate_unknown": "🟨",
    "opted_out": "🟦",
    "unreachable": "⬛",
    "no_file": "⬜",
}
"""The colours of the chart, as a caption can have them."""


def report_columns(say: Texts) -> tuple[str, ...]:
    """Return the heads of the sheet's columns (plain)."""
    return (
        say.plain("Person"),
        say.plain("Bot"),
        say.plain("Language"),
        say.plain("Result"),
        say.plain("When (UTC)"),
        say.plain("Reason"),
        say.plain("Result of the last change"),
    )


def report_names(say: Texts) -> tuple[str, str]:
    """Return the names of the two sheets: of the sums, and of all recipients (plain)."""
    return say.plain("Results"), say.plain("Recipients")


def recipient_row(recipient: Recipient, say: Texts) -> tuple[int | str | datetime | None, ...]:
    """Return what the columns say of a recipient (plain)."""
    return (
        recipient.person_id,
        bot_name(recipient.app),
        LANGUAGES[recipient.language],
        result_name(recipient.result, say),
        recipient.at,
        recipient.reason,
        result_name(recipient.changed, say) if recipient.changed else "",
    )


def sum_columns(say: Texts) -> tuple[str, ...]:
    """Return the heads of the columns of sums (plain)."""
    return say.plain("Result"), say.plain("Recipients")


def sum_rows(sent: tuple[ResultCount, ...], say: Texts) -> list[tuple[str, int]]:
    """Return how it ended for how many (plain)."""
    return [(result_name(end.result, say), end.people) for end in sent]


def sheet(mailing: Mailing, rows: int, say: Texts) -> Screen:
    """Return what is said with the sheet of so many recipients."""
    text = say.plural(
        "<b>{title}</b>: {n} recipient", "<b>{title}</b>: {n} recipients", rows, title=mailing.title
    )
    return Screen(text=text, buttons=_back(mailing, say))


def chart(mailing: Mailing, say: Texts) -> Screen:
    """Return what is said with the chart: its title, and what its colours stand for."""
    lines = [say("<b>{title}</b>", title=mailing.title)]
    lines += [
        say(
            "{square} {result}: <b>{n}</b>",
            square=SQUARES[end.result],
            result=result_name(end.result, say),
            n=say.number(end.people),
        )
        for end in mailing.sent
        if end.people and end.result in SQUARES
    ]
    if len(lines) == 1:
        lines.append(say("Nothing has been sent yet."))
    elif mailing.per_second:
        rate = say.number(round(mailing.per_second, 1))
        lines.append(
            say("On average {rate} a second. Times are counted from the start.", rate=rate)
        )
    return Screen(text="\n".join(lines), buttons=_back(mailing, say))


def _back(mailing: Mailing, say: Texts) -> tuple[Row, ...]:
    return ((button(say.plain("Back"), CardButton(mailing_id=mailing.mailing_id)),),)
