"""How a task is changed: the buttons that its screen has for it, the questions, the outcomes."""

from typing import get_args

from contracts.calendar import (
    RepeatChanged,
    StartChanged,
    TaskMoved,
    TaskNoteChanged,
    TaskRemindersChanged,
    TaskRenamed,
)
from contracts.screens import Screen
from screens.buttons import Row, button
from screens.calendar.adding import reminder_lines
from screens.calendar.buttons import Changeable, ChangeTaskButton
from screens.calendar.days import full_clock
from screens.calendar.doing import show_task
from screens.calendar.menu import view_button
from screens.calendar.repeating import before_words, repeat_words
from screens.texts import Texts


def change_rows(task_id: int, version: int, say: Texts) -> tuple[Row, ...]:
    """Return rows with a button for each thing that can be changed about a task."""
    buttons = tuple(
        button(
            changeable_name(what, say),
            ChangeTaskButton(task_id=task_id, version=version, what=what),
        )
        for what in get_args(Changeable)
    )
    return buttons[:3], buttons[3:]


def changeable_name(what: Changeable, say: Texts) -> str:
    """Return what a button to change it says, plain."""
    match what:
        case "title":
            return say.plain("Rename")
        case "deadline":
            return say.plain("Deadline")
        case "start":
            return say.plain("Starts")
        case "note":
            return say.plain("Note")
        case "repeat":
            return say.plain("Repeat")
        case "reminders":
            return say.plain("Reminders")


def ask_new_title(say: Texts) -> str:
    return say("What shall it be called from now on? Send me a title.")


def ask_new_deadline(say: Texts) -> str:
    return say(
        "What is the new deadline? Choose a day, or write it: <code>tomorrow 14:00</code>, "
        "<code>friday 9:30</code>, <code>in 2 hours</code>."
    )


def no_start(say: Texts) -> str:
    return say.plain("No start")


def no_note(say: Texts) -> str:
    return say.plain("Remove the note")


def task_renamed(event: TaskRenamed, say: Texts) -> Screen:
    return _changed(
        event.task_id, [say("It is called <b>{title}</b> now.", title=event.title)], say
    )


def task_moved(event: TaskMoved, say: Texts) -> Screen:
    lines = [_due(event.title, event.deadline, say)]
    if event.starts:
        lines.append(say("Start: <b>{clock}</b>", clock=full_clock(event.starts, say)))
    return _changed(event.task_id, [*lines, *reminder_lines(event.plan, say)], say)


def start_changed(event: StartChanged, say: Texts) -> Screen:
    line = say("<b>{title}</b> has no start.", title=event.title)
    if event.starts:
        clock = full_clock(event.starts, say)
        line = say("<b>{title}</b> starts on <b>{clock}</b>.", title=event.title, clock=clock)
    return _changed(event.task_id, [line], say)


def task_note_changed(event: TaskNoteChanged, say: Texts) -> Screen:
    line = say("The note about <b>{title}</b> is removed.", title=event.title)
    if event.note:
        line = say("Noted about <b>{title}</b>:\n{note}", title=event.title, note=event.note)
    return _changed(event.task_id, [line], say)


def repeat_changed(event: RepeatChanged, say: Texts) -> Screen:
    repeat = repeat_words(event.repeat, say)
    line = say("<b>{title}</b>: {repeat}.", title=event.title, repeat=repeat)
    due = _due(event.title, event.deadline, say)
    return _changed(event.task_id, [line, due, *reminder_lines(event.plan, say)], say)


def task_reminders_changed(event: TaskRemindersChanged, say: Texts) -> Screen:
    line = say("<b>{title}</b> has the reminders of your settings.", title=event.title)
    if event.remind_before is not None:
        before = before_words(event.remind_before, say)
        line = say("Reminders of <b>{title}</b>: {before}.", title=event.title, before=before)
    return _changed(event.task_id, [line, *reminder_lines(event.plan, say)], say)


def _due(title: str, deadline: str, say: Texts) -> str:
    clock = full_clock(deadline, say)
    return say("<b>{title}</b> is due on <b>{clock}</b>.", title=title, clock=clock)


def _changed(task_id: int, lines: list[str], say: Texts) -> Screen:
    row = (show_task(task_id, say), view_button("today", say))
    return Screen(text="\n".join(lines), buttons=(row,))
