"""How far a mailing is: one message that is edited while it goes out, and the last word on it."""

import html

from contracts.broadcasts import MailingProgressed, MailingState, Progress, ResultCount, Work
from contracts.screens import Screen
from screens.broadcasts.keyboards import keyboard
from screens.texts import Texts

BAR = 12
"""Characters."""


def mailing_progressed(event: MailingProgressed, say: Texts) -> Screen:
    """Return the message in the chat of whoever started the mailing."""
    lines = [f"<b>{html.escape(event.title)}</b>"] if event.title else []
    if event.halted:
        lines.append(
            say(
                "It was paused by itself: Telegram refuses what it says. Resume it to try again, "
                "or cancel it and make another."
            )
        )
    lines += progress_lines(event.progress, say)
    buttons = keyboard(event.mailing_id, event.progress.state, event.progress.done, say)
    return Screen(text="\n".join(lines), buttons=buttons)


def progress_lines(progress: Progress, say: Texts) -> list[str]:
    """Return the bar and the numbers (HTML)."""
    ended = progress.done + progress.failed
    lines = [
        _headline(progress.work, progress.state, say),
        _bar(ended, progress.people),
        say(
            "{word}: <b>{done}</b> of {people}",
            word=_done(progress.work, say),
            done=say.number(progress.done),
            people=say.number(progress.people),
        ),
    ]
    if progress.left:
        stopped = progress.state == "cancelled"
        word = say.plain("Not reached any more") if stopped else say.plain("Left")
        lines.append(say("{why}: {n}", why=word, n=say.number(progress.left)))
    if progress.on_their_way:
        lines.append(say("On their way: {n}", n=say.number(progress.on_their_way)))
    lines += result_lines(progress.ends, say)
    if progress.gathering:
        lines.append(say("Recipients are still being gathered"))
    if progress.per_second and progress.state == "running":
        lines.append(_pace(progress, say))
    return lines


def result_lines(ends: tuple[ResultCount, ...], say: Texts) -> list[str]:
    """Return a line for each way in which it did not reach people."""
    return [
        say("{why}: {n}", why=result_name(end.result, say), n=say.number(end.people))
        for end in ends
        if end.people and end.result not in ("", "told")
    ]


def result_name(result: str, say: Texts) -> str:
    """Return how it ended for a recipient, in words (plain)."""
    match result:
        case "told":
            return say.plain("Reached")
        case "blocked":
            return say.plain("Blocked the bot")
        case "deactivated":
            return say.plain("Account is gone")
        case "refused":
            return say.plain("Refused by Telegram")
        case "too_late":
            return say.plain("Its time had passed")
        case "fate_unknown":
            return say.plain("Perhaps reached: Telegram did not answer")
        case "opted_out":
            return say.plain("Opted out meanwhile")
        case "unreachable":
            return say.plain("Cannot be reached any more")
        case "no_file":
            return say.plain("Telegram did not take the file")
        case _:
            return say.plain("Not reached yet")


def _headline(work: Work, state: MailingState, say: Texts) -> str:
    match state, work:
        case "running", "send":
            return say("Going out")
        case "running", "edit":
            return say("Being edited")
        case "running", "withdraw":
            return say("Being deleted")
        case "paused", _:
            return say("Paused")
        case "cancelled", _:
            return say("Cancelled")
        case "withdrawn", _:
            return say("Deleted for everyone")
        case _, "edit":
            return say("Edited")
        case _:
            return say("Sent")


def _done(work: Work, say: Texts) -> str:
    match work:
        case "send":
            return say.plain("Sent")
        case "edit":
            return say.plain("Edited")
        case "withdraw":
            return say.plain("Deleted")


def _bar(ended: int, people: int) -> str:
    share = min(ended / people, 1.0) if people else 1.0
    filled = int(share * BAR)
    return f"{'█' * filled}{'░' * (BAR - filled)} {int(share * 100)} %"


def _pace(progress: Progress, say: Texts) -> str:
    rate = say.number(round(progress.per_second, 1))
    if progress.seconds_left is None:
        return say("{rate} a second", rate=rate)
    return say(
        "{rate} a second, about {left} left", rate=rate, left=_duration(progress.seconds_left, say)
    )


def _duration(seconds: int, say: Texts) -> str:
    """Return a duration in its largest two units."""
    if seconds < 60:
        return say.plain("{n} s", n=seconds)
    minutes = round(seconds / 60)
    if minutes < 60:
        return say.plain("{n} min", n=minutes)
    return say.plain("{hours} h {minutes} min", hours=minutes // 60, minutes=minutes % 60)
