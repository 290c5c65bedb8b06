"""The views: what is to be done, grouped by day, and what is done; and what one day holds."""

import html
from collections.abc import Iterator
from datetime import date
from itertools import groupby

from contracts.calendar import TaskItem, TaskPage
from contracts.screens import Button, Screen
from screens.buttons import PAGE_SIZE, button, pager
from screens.calendar.buttons import (
    DayButton,
    MonthButton,
    Origin,
    TaskButton,
    View,
    ViewButton,
    clock_digits,
)
from screens.calendar.days import day_name, short_clock
from screens.calendar.menu import menu_rows, new_task, view_button, view_name
from screens.calendar.reminding import shortened
from screens.texts import Texts

TITLE_SHOWN = 48


def task_list(page: TaskPage, at: ViewButton, say: Texts) -> Screen:
    """Return a page of a view, with the menu below."""
    if not page.total:
        return Screen(text=_nothing(at.view, say), buttons=menu_rows(say))
    title = _titled(view_name(at.view, say), page, at.offset, say)
    turns = pager(at.offset, page.total, lambda offset: ViewButton(view=at.view, offset=offset))
    return Screen(
        text="\n".join([title, *grouped(page, say)]),
        buttons=(*choices(page, at.view, at.offset, say), *turns, *menu_rows(say)),
    )


def day_list(page: TaskPage, at: DayButton, say: Texts) -> Screen:
    """Return a page of what is open on a day."""
    day = date.fromisoformat(at.day)
    name = day_name(day, page.today, say)
    month = button(say.plain("Month"), MonthButton(year=day.year, month=day.month))
    last_row = (new_task(say), month, view_button("today", say))
    if not page.total:
        text = say("<b>{day}</b>: nothing is due.", day=name)
        return Screen(text=text, buttons=(last_row,))
    lines = [_titled(name, page, at.offset, say), ""]
    lines += [_line(task, page.today, say) for task in page.tasks]
    turns = pager(at.offset, page.total, lambda offset: DayButton(day=at.day, offset=offset))
    return Screen(
        text="\n".join(lines),
        buttons=(*choices(page, "day", at.offset, say), *turns, last_row),
    )


def grouped(page: TaskPage, say: Texts) -> Iterator[str]:
    """Yield the tasks of a page line by line, below the headings of their days, as HTML."""
    for heading, tasks in groupby(page.tasks, key=lambda task: _heading(task, page.today, say)):
        yield f"\n<b>{html.escape(heading)}</b>"
        for task in tasks:
            yield _line(task, page.today, say)


def choices(page: TaskPage, origin: Origin, offset: int, say: Texts) -> tuple[tuple[Button], ...]:
    """Return a button for each task of a page, which leads to it, and from there back here."""
    return tuple(
        (
            button(
                _label(task, page.today, say),
                TaskButton(
                    task_id=task.task_id,
                    occurrence=clock_digits(task.occurrence),
                    origin=origin,
                    offset=offset,
                ),
            ),
        )
        for task in page.tasks
    )


def _titled(name: str, page: TaskPage, offset: int, say: Texts) -> str:
    if page.total <= PAGE_SIZE:
        text = say("<b>{title}</b>: {total}", title=name, total=page.total)
    else:
        text = say(
            "<b>{title}</b>: {first} to {last} of {total}",
            title=name,
            first=offset + 1,
            last=offset + len(page.tasks),
            total=page.total,
        )
    if page.overdue:
        text += ", " + say("overdue: <b>{n}</b>", n=page.overdue)
    if page.more:
        text += "\n" + say("There are more beyond these.")
    return text


def _nothing(view: View, say: Texts) -> str:
    match view:
        case "today":
            return say("Nothing is due today. Shall we add a task, or look at the week?")
        case "week":
            return say("Nothing is due in the next seven days. Shall we add a task?")
        case "all":
            return say("You have no open tasks. Shall we add one?")
        case "done":
            return say("Nothing is done yet. What you finish is shown here for a year.")


def _heading(task: TaskItem, today: date, say: Texts) -> str:
    if task.done_at:
        return day_name(date.fromisoformat(task.done_at[:10]), today, say)
    return say.plain("Overdue") if task.overdue else day_name(task.day, today, say)


def _line(task: TaskItem, today: date, say: Texts) -> str:
    """Return a task with when it is due, and its marks."""
    when, marks = _when(task, today, say), _marks(task)
    if task.snoozed_until and not task.done_at:
        marks.append(say("💤 until {clock}", clock=short_clock(task.snoozed_until, today, say)))
    return " ".join([when, html.escape(task.title), *marks])


def _when(task: TaskItem, today: date, say: Texts) -> str:
    if task.done_at:
        return f"✓ {task.done_at[11:]}"
    if task.overdue:
        return f"❗ {short_clock(task.deadline, today, say)}"
    if task.starts and task.starts[:10] == task.deadline[:10] and task.starts != task.deadline:
        return f"{task.starts[11:]}–{task.deadline[11:]}"
    return task.deadline[11:]


def _marks(task: TaskItem) -> list[str]:
    signs = {"🔁": task.repeats, "📝": task.has_note}
    return [sign for sign, shown in signs.items() if shown]


def _label(task: TaskItem, today: date, say: Texts) -> str:
    """Return what the button of a task says, plain."""
    title = shortened(task.title, TITLE_SHOWN)
    if task.done_at:
        return f"✓ {title}"
    mark = "❗ " if task.overdue else ""
    return f"{mark}{short_clock(task.deadline, today, say)} {title}"
