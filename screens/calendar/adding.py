"""How a new task is asked for, and what became of it."""

import html

from contracts.calendar import Plan, TaskAdded
from contracts.screens import Screen
from screens import menu as every_menu
from screens.buttons import button
from screens.calendar.buttons import DeleteButton, MakeTaskButton
from screens.calendar.days import full_clock
from screens.calendar.doing import show_task
from screens.calendar.menu import new_task, one_line, view_button
from screens.calendar.repeating import plan_lines, repeat_words
from screens.texts import Texts

OFFER_ENDS = "\n\n"
"""Between the question whether to make a task of something, and that."""
OFFERED = 3500
"""Characters: a title and a note are shorter, and a message takes the question, too."""


def title_label(say: Texts) -> str:
    return say.plain("Title")


def deadline_label(say: Texts) -> str:
    return say.plain("Deadline")


def starts_label(say: Texts) -> str:
    return say.plain("Starts")


def task_note_label(say: Texts) -> str:
    return say.plain("Note")


def repeat_label(say: Texts) -> str:
    return say.plain("Repeat")


def ask_title(say: Texts) -> str:
    return say(
        "What is to be done? Send me a title. In one line it works, too: <code>{example}</code>",
        example=one_line(say),
    )


def ask_deadline(say: Texts) -> str:
    return say(
        "Until when? Choose a day, or write it: <code>tomorrow 14:00</code>, "
        "<code>friday 9:30</code>, <code>in 2 hours</code>."
    )


def ask_start(say: Texts) -> str:
    return say(
        "When does it start? Choose a day, or write it, for example <code>today 10:00</code>."
    )


def ask_task_note(say: Texts) -> str:
    return say("What shall I note about it? Send me up to 1000 characters.")


def task_added(event: TaskAdded, say: Texts) -> Screen:
    """Return what was kept, when its reminders come, and which have passed already."""
    lines = [
        say("Added: <b>{title}</b>", title=event.title),
        deadline_line(event.deadline, event.time_zone, say),
    ]
    if event.starts:
        lines.append(say("Start: <b>{clock}</b>", clock=full_clock(event.starts, say)))
    if event.repeat:
        lines.append(say("Repeats: <b>{repeat}</b>", repeat=repeat_words(event.repeat, say)))
    undo = button(say.plain("Undo"), DeleteButton(task_id=event.task_id, version=event.version))
    return Screen(
        text="\n".join([*lines, *reminder_lines(event.plan, say)]),
        buttons=((undo, show_task(event.task_id, say)), (new_task(say), view_button("today", say))),
    )


def deadline_line(deadline: str, time_zone: str, say: Texts) -> str:
    """Return a local time of a contract and whose clock that is, as HTML."""
    clock = full_clock(deadline, say)
    return say("Deadline: <b>{clock}</b> ({zone})", clock=clock, zone=time_zone)


def reminder_lines(plan: Plan, say: Texts) -> list[str]:
    """Return what comes of the reminders of a task, also where that is nothing, as HTML."""
    return plan_lines(plan, say) or [say("I will not remind you.")]


def offer_task(text: str, say: Texts) -> Screen:
    """Return the question whether what was written outside of all forms shall be a task.

    What was written stands at its end: whoever agrees needs not write it again.
    """
    make = button(say.plain("Make a task"), MakeTaskButton())
    no = button(say.plain("No"), every_menu.MenuButton())
    question = say("Shall I make a task of it?")
    return Screen(
        text=f"{question}{OFFER_ENDS}{html.escape(text[:OFFERED])}", buttons=((make, no),)
    )
