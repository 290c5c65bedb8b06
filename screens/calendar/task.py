"""A task as it is looked at: all that is known of it, and all that can be done with it."""

import html

from contracts.calendar import NoTask, Task
from contracts.screens import Button, Screen
from screens.buttons import Row, button
from screens.calendar.buttons import (
    DayButton,
    DeleteButton,
    DeleteRepeatingButton,
    FinishButton,
    ReopenButton,
    RestoreButton,
    TaskButton,
    ViewButton,
    clock_digits,
    clock_of,
)
from screens.calendar.days import full_clock
from screens.calendar.doing import finish_button, snooze_button
from screens.calendar.editing import change_rows
from screens.calendar.menu import view_button
from screens.calendar.repeating import reminder_time, repeat_words
from screens.texts import Texts


def task(found: Task, at: TaskButton, say: Texts) -> Screen:
    """Return an occurrence of a task, with the way back to the list that it was chosen from."""
    lines = [f"<b>{html.escape(found.title)}</b>", *_times(found, say)]
    if found.repeat:
        lines.append(say("Repeats: <b>{repeat}</b>", repeat=repeat_words(found.repeat, say)))
    if not found.done_at:
        lines += _reminders(found, say)
    if found.note:
        lines += ["", html.escape(found.note)]
    rows = (*_doing(found, say), (_back(found, at, say), view_button("today", say)))
    return Screen(text="\n".join(lines), buttons=rows)


def no_task(task_id: int, found: NoTask, say: Texts) -> Screen:
    """Return what is shown in the place of a task that is gone; a deleted one can be restored."""
    today = view_button("today", say)
    if not found.deleted:
        return Screen(text=say("This task is no longer there."), buttons=((today,),))
    restore = button(say.plain("Restore"), RestoreButton(task_id=task_id))
    return Screen(text=say("This task is deleted."), buttons=((restore, today),))


def ask_what_to_delete(pressed: DeleteRepeatingButton, say: Texts) -> Screen:
    """Return the question that whoever deletes a repeating task is asked."""
    task_id, occurrence = pressed.task_id, pressed.occurrence
    one = FinishButton(task_id=task_id, occurrence=occurrence)
    whole = DeleteButton(task_id=task_id, version=pressed.version)
    back = TaskButton(task_id=task_id, occurrence=occurrence)
    return Screen(
        text=say(
            "This task repeats. Shall only the one of {clock} go, or the whole series? "
            "One that goes by itself counts as done.",
            clock=full_clock(clock_of(occurrence), say),
        ),
        buttons=(
            (button(say.plain("Only this one"), one),),
            (button(say.plain("The whole series"), whole),),
            (button(say.plain("Back"), back),),
        ),
    )


def _times(found: Task, say: Texts) -> list[str]:
    deadline = full_clock(found.deadline, say)
    if found.done_at:
        lines = [
            say("✓ Done on {clock}", clock=full_clock(found.done_at, say)),
            say("Deadline: <b>{clock}</b>", clock=deadline),
        ]
    elif found.overdue:
        lines = [say("❗ Overdue since <b>{clock}</b>", clock=deadline)]
    else:
        lines = [say("Deadline: <b>{clock}</b>", clock=deadline)]
    if found.starts:
        lines.append(say("Start: <b>{clock}</b>", clock=full_clock(found.starts, say)))
    return lines


def _reminders(found: Task, say: Texts) -> list[str]:
    lines = []
    if found.snoozed_until:
        clock = full_clock(found.snoozed_until, say)
        lines.append(say("💤 Snoozed until <b>{clock}</b>", clock=clock))
    if found.reminders:
        times = "; ".join(reminder_time(each, say) for each in found.reminders)
        lines.append(say("Reminders: {times}", times=times))
    elif not found.snoozed_until:
        lines.append(say("No reminder is to come."))
    return lines


def _doing(found: Task, say: Texts) -> tuple[Row, ...]:
    occurrence = clock_digits(found.occurrence)
    if found.done_at:
        reopen = ReopenButton(task_id=found.task_id, occurrence=occurrence)
        return ((button(say.plain("Open again"), reopen), _delete(found, say)),)
    return (
        (
            finish_button(found.task_id, occurrence, say),
            snooze_button(found.task_id, occurrence, say),
            _delete(found, say),
        ),
        *change_rows(found.task_id, found.version, say),
    )


def _delete(found: Task, say: Texts) -> Button:
    known = {"task_id": found.task_id, "version": found.version}
    if not found.repeat or found.done_at:
        return button(say.plain("Delete"), DeleteButton(**known))
    which = DeleteRepeatingButton(**known, occurrence=clock_digits(found.occurrence))
    return button(say.plain("Delete"), which)


def _back(found: Task, at: TaskButton, say: Texts) -> Button:
    """Return the way to where the task was chosen, or to all tasks."""
    match at.origin:
        case "day":
            to_day = DayButton(day=found.day.isoformat(), offset=at.offset)
            return button(say.plain("Back"), to_day)
        case "elsewhere":
            return view_button("all", say)
        case view:
            return button(say.plain("Back"), ViewButton(view=view, offset=at.offset))
