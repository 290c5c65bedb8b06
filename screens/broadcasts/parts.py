"""What a mailing says, for whom and when, told in lines: of its card and of the last question."""

import html
from datetime import datetime
from zoneinfo import ZoneInfo

from contracts.base import Language
from contracts.broadcasts import Audience, Content, MailingState, Timing
from contracts.screens import visible_text
from screens.opting_out import category_name
from screens.texts import Texts

EXCERPT = 300
"""Characters of a text that are shown where it is only recognised by them."""

LANGUAGES: dict[Language, str] = {"en": "English", "ru": "Русский"}


def excerpt(content: Content) -> str:
    """Return the beginning of the text, as HTML without formatting."""
    return html.escape(_cut(visible_text(content.text)))


def quoted(content: Content) -> list[str]:
    """Return the beginning of the text as a quotation, if there is any."""
    text = excerpt(content)
    return [f"<blockquote>{text}</blockquote>"] if text else []


def content_lines(content: Content, say: Texts) -> list[str]:
    """Return what there is beside the text."""
    lines = []
    if content.media:
        kind = _kind(content, say)
        lines.append(say("{kind}: <b>{name}</b>", kind=kind, name=content.media.name or kind))
    titles = ", ".join(button.text for row in content.buttons for button in row)
    if titles:
        lines.append(say("Buttons: <b>{titles}</b>", titles=_cut(titles)))
    return lines


def audience_lines(audience: Audience, say: Texts) -> list[str]:
    """Return who gets it, the kind of mailing first, since that leaves people out."""
    lines = [
        say("Kind: <b>{kind}</b>", kind=category_name(audience.category, say)),
        say("Bots: <b>{bots}</b>", bots=", ".join(map(bot_name, audience.apps))),
    ]
    if audience.languages:
        spoken = ", ".join(LANGUAGES[language] for language in audience.languages)
        lines.append(say("Languages: <b>{languages}</b>", languages=spoken))
    if audience.active_days:
        lines.append(
            say.plural(
                "Active within <b>{n} day</b>",
                "Active within <b>{n} days</b>",
                audience.active_days,
            )
        )
    if audience.list_id:
        lines.append(say("Only people of the uploaded list"))
    return lines


def timing_lines(timing: Timing, time_zone: str, say: Texts) -> list[str]:
    """Return when it goes out, by the clock of whoever looks at it."""
    lines = [_when(timing, time_zone, say)]
    if timing.respect_quiet_hours:
        lines.append(say("Quiet hours are respected"))
    else:
        lines.append(say("Quiet hours are <b>not</b> respected"))
    return lines


def _when(timing: Timing, time_zone: str, say: Texts) -> str:
    if timing.at:
        return say("Goes out: <b>{moment}</b>", moment=say.moment(timing.at, time_zone))
    if timing.local:
        # A wall clock is nobody's moment: any zone shows it as it is.
        moment = datetime.fromisoformat(timing.local).replace(tzinfo=ZoneInfo("UTC"))
        return say(
            "Goes out: <b>{moment}</b> by everybody's own clock", moment=say.moment(moment, "UTC")
        )
    return say("Goes out as soon as it is started")


def bot_name(app: str) -> str:
    """Return what a bot is called (plain)."""
    return app.replace("_", " ").capitalize()


def people(count: int, say: Texts) -> str:
    return say.plural("{n} person", "{n} people", count)


def state_name(state: MailingState, say: Texts) -> str:
    """Return a state in a word (plain)."""
    match state:
        case "draft":
            return say.plain("Draft")
        case "scheduled":
            return say.plain("Scheduled")
        case "running":
            return say.plain("Going out")
        case "paused":
            return say.plain("Paused")
        case "cancelled":
            return say.plain("Cancelled")
        case "finished":
            return say.plain("Sent")
        case "withdrawn":
            return say.plain("Deleted for everyone")


def state_mark(state: MailingState) -> str:
    """Return the sign of a state in lists."""
    marks: dict[MailingState, str] = {
        "draft": "✎",
        "scheduled": "⏰",
        "running": "▶",
        "paused": "⏸",
        "cancelled": "✖",
        "finished": "✓",
        "withdrawn": "🗑",
    }
    return marks[state]


def _cut(text: str) -> str:
    return text if len(text) <= EXCERPT else f"{text[:EXCERPT].rstrip()}…"


def _kind(content: Content, say: Texts) -> str:
    is_photo = content.media is not None and content.media.kind == "photo"
    return say.plain("Picture") if is_photo else say.plain("File")
