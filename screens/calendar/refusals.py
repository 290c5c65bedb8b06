"""Why a task was not added or changed, and the ways on: the same screens in time and late."""

from contracts.calendar import TaskRefused
from contracts.screens import Screen
from screens.buttons import Row
from screens.calendar.days import full_clock
from screens.calendar.doing import show_task
from screens.calendar.menu import new_task, view_button
from screens.forms import again
from screens.texts import Texts


def task_refused(event: TaskRefused, say: Texts) -> Screen:
    return Screen(text=_why(event, say), buttons=(_ways_on(event, say),))


def _why(event: TaskRefused, say: Texts) -> str:
    match event.reason:
        case "no_such_task":
            return say("This task is no longer there.")
        case "changed_meanwhile":
            return say("The task was changed meanwhile. Look at it again before you go on.")
        case "already_done":
            return say("<b>{title}</b> is done already.", title=event.title)
        case "too_many_tasks":
            return say(
                "<b>{title}</b> was not added: you keep {allowed} tasks, and there may be no more. "
                "Delete some first.",
                title=event.title,
                allowed=event.allowed,
            )
        case "too_many_repeating":
            return say(
                "<b>{title}</b> cannot repeat: {allowed} of your tasks do, and there may be no "
                "more of them.",
                title=event.title,
                allowed=event.allowed,
            )
        case "passed" if not event.task_id:
            clock = full_clock(event.deadline, say)
            return say("That is in the past: {clock}. Choose a later time.", clock=clock)
        case "passed":
            return say("That is in the past. Choose a later time.")
        case "starts_after_deadline":
            return say("<b>{title}</b> cannot start after its deadline.", title=event.title)
        case "no_such_occurrence":
            return say(
                "This time of <b>{title}</b> is not open: it comes later, or gave way to another.",
                title=event.title,
            )


def _ways_on(event: TaskRefused, say: Texts) -> Row:
    today = view_button("today", say)
    # By one of its answers the form is recognised: a new task's deadline is as it was asked for.
    refused = event.task_id or event.deadline
    match event.reason:
        case "no_such_task":
            return (new_task(say), today)
        case "passed":
            return (again(say.plain("Another time"), "deadline", refused), today)
        case "starts_after_deadline":
            return (again(say.plain("Another start"), "starts", refused), today)
        case "too_many_repeating" if not event.task_id:
            return (again(say.plain("Repeat"), "repeat", refused), today)
        case _:
            return (show_task(event.task_id, say), today) if event.task_id else (today,)
