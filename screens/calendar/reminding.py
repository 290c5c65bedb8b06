"""What comes unasked: a reminder, the day's digest, and that another zone is followed."""

import html

from contracts.calendar import DigestDue, DigestTask, TaskDue, TimeZoneFollowed
from contracts.screens import Button, Screen
from screens.buttons import button
from screens.calendar.buttons import TaskButton, clock_digits
from screens.calendar.days import day_name, full_clock, short_clock, span
from screens.calendar.doing import finish_button, show_task, snooze_button
from screens.calendar.menu import new_task, view_button
from screens.texts import Texts

NOTE_SHOWN = 300
TITLE_SHOWN = 40


def task_due(event: TaskDue, say: Texts) -> Screen:
    """Return a reminder; one that comes late says when it should have come."""
    lines = [f"<b>{html.escape(event.title)}</b>", _how_near(event, say)]
    if event.late:
        was_due = full_clock(event.was_due, say)
        lines.append(
            say("This reminder is late, I am sorry: it was due on {clock}.", clock=was_due)
        )
    if event.note:
        lines += ["", html.escape(shortened(event.note, NOTE_SHOWN))]
    occurrence = clock_digits(event.occurrence)
    first = (
        finish_button(event.task_id, occurrence, say),
        snooze_button(event.task_id, occurrence, say),
    )
    show = show_task(event.task_id, say, occurrence)
    return Screen(text="\n".join(lines), buttons=(first, (show,)))


def digest_due(event: DigestDue, say: Texts) -> Screen:
    """Return what a day holds, with a button for each task that is listed."""
    lines = [f"<b>{html.escape(day_name(event.day, event.day, say))}</b>", _counted(event, say)]
    lines += [_listed(task, event, say) for task in event.tasks]
    left = event.overdue + event.due - len(event.tasks)
    if left > 0:
        lines.append(say.plural("and {n} more", "and {n} more", left))
    rows = tuple((_choice(task),) for task in event.tasks)
    return Screen(
        text="\n".join(lines), buttons=(*rows, (view_button("today", say), new_task(say)))
    )


def time_zone_followed(event: TimeZoneFollowed, say: Texts) -> Screen:
    """Return the word for whoever has tasks and moved to another zone."""
    text = say.plural(
        "Your time zone is <b>{zone}</b> now. {n} open task keeps the time on its clock: "
        "I will remind you by the clocks there.",
        "Your time zone is <b>{zone}</b> now. {n} open tasks keep the times on their clocks: "
        "I will remind you by the clocks there.",
        event.tasks,
        zone=event.time_zone,
    )
    return Screen(text=text, buttons=((view_button("today", say),),))


def shortened(text: str, limit: int) -> str:
    """Return a text of at most `limit` characters, cut where it is longer."""
    return text if len(text) <= limit else f"{text[: limit - 1]}…"


def _how_near(event: TaskDue, say: Texts) -> str:
    clock = full_clock(event.deadline, say)
    if event.minutes_left < 0:
        return say("It was due on {clock}.", clock=clock)
    if event.minutes_left == 0:
        return say("It is due now, on {clock}.", clock=clock)
    return say("It is due in {span}, on {clock}.", span=span(event.minutes_left, say), clock=clock)


def _counted(event: DigestDue, say: Texts) -> str:
    due = say.plural("{n} task is due.", "{n} tasks are due.", event.due)
    if not event.overdue:
        return due
    overdue = say.plural("{n} is overdue.", "{n} are overdue.", event.overdue)
    return f"{due} {overdue}"


def _listed(task: DigestTask, event: DigestDue, say: Texts) -> str:
    clock = short_clock(task.deadline, event.day, say)
    mark = "❗ " if task.overdue else ""
    return f"{mark}{clock} {html.escape(task.title)}"


def _choice(task: DigestTask) -> Button:
    return button(shortened(task.title, TITLE_SHOWN), TaskButton(task_id=task.task_id))
