"""What became of a task that was done, opened again, put off, deleted or restored."""

from contracts.calendar import (
    TaskDeleted,
    TaskFinished,
    TaskReopened,
    TaskRestored,
    TaskSnoozed,
)
from contracts.screens import Button, Screen
from screens.buttons import button
from screens.calendar.buttons import (
    ClockOrNone,
    FinishButton,
    ReopenButton,
    RestoreButton,
    SnoozeButton,
    SnoozeChoice,
    SnoozeForButton,
    TaskButton,
    clock_digits,
)
from screens.calendar.days import full_clock
from screens.calendar.menu import view_button
from screens.calendar.repeating import plan_lines
from screens.texts import Texts


def task_finished(event: TaskFinished, say: Texts) -> Screen:
    lines = [say("Done: <b>{title}</b>", title=event.title)]
    if event.next_deadline:
        clock = full_clock(event.next_deadline, say)
        lines.append(say("It is due again on {clock}.", clock=clock))
    undo = ReopenButton(task_id=event.task_id, occurrence=clock_digits(event.occurrence))
    row = (button(say.plain("Undo"), undo), view_button("today", say))
    return Screen(text="\n".join(lines), buttons=(row,))


def task_reopened(event: TaskReopened, say: Texts) -> Screen:
    clock = full_clock(event.deadline, say)
    text = say("<b>{title}</b> is open again, due on {clock}.", title=event.title, clock=clock)
    show = show_task(event.task_id, say, clock_digits(event.occurrence))
    return Screen(
        text="\n".join([text, *plan_lines(event.plan, say)]),
        buttons=((show, view_button("today", say)),),
    )


def task_snoozed(event: TaskSnoozed, say: Texts) -> Screen:
    until = full_clock(event.until, say)
    text = say(
        "<b>{title}</b>: I will remind you again on {clock}.", title=event.title, clock=until
    )
    if event.moved:
        text += "\n" + say("That is its deadline now.")
    occurrence = clock_digits(event.occurrence)
    return Screen(
        text=text,
        buttons=(
            (
                finish_button(event.task_id, occurrence, say),
                snooze_button(event.task_id, occurrence, say),
            ),
            (show_task(event.task_id, say, occurrence), view_button("today", say)),
        ),
    )


def task_deleted(event: TaskDeleted, say: Texts) -> Screen:
    undo = button(say.plain("Undo"), RestoreButton(task_id=event.task_id))
    text = say("Deleted: <b>{title}</b>", title=event.title)
    return Screen(text=text, buttons=((undo, view_button("today", say)),))


def task_restored(event: TaskRestored, say: Texts) -> Screen:
    clock = full_clock(event.deadline, say)
    text = say("<b>{title}</b> is back, due on {clock}.", title=event.title, clock=clock)
    show = show_task(event.task_id, say)
    return Screen(
        text="\n".join([text, *plan_lines(event.plan, say)]),
        buttons=((show, view_button("today", say)),),
    )


def ask_snooze(title: str, pressed: SnoozeButton, say: Texts) -> Screen:
    """Return the choices of when to be reminded again."""

    task_id, occurrence = pressed.task_id, pressed.occurrence

    def choice(label: str, value: SnoozeChoice) -> Button:
        chosen = SnoozeForButton(task_id=task_id, occurrence=occurrence, choice=value)
        return button(label, chosen)

    back = TaskButton(task_id=task_id, occurrence=occurrence)
    return Screen(
        text=say("When shall I remind you of <b>{title}</b> again?", title=title),
        buttons=(
            (choice(say.plain("10 min"), "10m"), choice(say.plain("1 h"), "1h")),
            (choice(say.plain("Tomorrow"), "tomorrow"), choice(say.plain("Own time"), "own")),
            (button(say.plain("Back"), back),),
        ),
    )


def snooze_label(say: Texts) -> str:
    return say.plain("Remind again")


def ask_snooze_until(say: Texts) -> str:
    return say(
        "When shall I remind you again? Choose, or write it, for example "
        "<code>tomorrow 9:00</code>."
    )


def show_task(task_id: int, say: Texts, occurrence: ClockOrNone = "") -> Button:
    """Return the button that opens a task."""
    return button(say.plain("Open"), TaskButton(task_id=task_id, occurrence=occurrence))


def finish_button(task_id: int, occurrence: str, say: Texts) -> Button:
    return button(say.plain("Done"), FinishButton(task_id=task_id, occurrence=occurrence))


def snooze_button(task_id: int, occurrence: str, say: Texts) -> Button:
    return button(say.plain("Snooze"), SnoozeButton(task_id=task_id, occurrence=occurrence))
