"""How a task is changed: the buttons that its screen has for it."""

from typing import get_args

from screens.buttons import Row, button
from screens.calendar.buttons import Changeable, ChangeTaskButton
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
            return say.plain("Start")
        case "note":
            return say.plain("Note")
        case "repeat":
            return say.plain("Repeat")
        case "reminders":
            return say.plain("Reminders")
