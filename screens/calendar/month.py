"""A month as its person sees it: which days hold something, and where something is late."""

from datetime import date

from contracts.calendar import Month
from contracts.screens import Button, Screen
from screens.buttons import button
from screens.calendar.buttons import DayButton, MonthButton
from screens.calendar.menu import new_task, view_button
from screens.months import month_grid, month_title
from screens.texts import Texts


def month(found: Month, say: Texts) -> Screen:
    """Return the grid of a month; a press on a day leads to its tasks."""
    marks = {each.day: "❗" if each.overdue else "•" for each in found.days}

    def day(each: date) -> Button:
        label = f"[{each.day}]" if each == found.today else str(each.day)
        return button(f"{label}{marks.get(each.day, '')}", DayButton(day=each.isoformat()))

    title = month_title((found.year, found.month), say)
    lines = [
        say(
            "<b>{month}</b>: {tasks}",
            month=title[0].upper() + title[1:],
            tasks=sum(each.tasks for each in found.days),
        ),
        say("• something is due, ❗ something is late, [ ] is today"),
    ]
    if found.overdue:
        lines.append(say("overdue: <b>{n}</b>", n=found.overdue))
    grid = month_grid(
        (found.year, found.month),
        say,
        day=day,
        turn=lambda month: MonthButton(year=month[0], month=month[1]),
    )
    return Screen(
        text="\n".join(lines), buttons=(*grid, (new_task(say), view_button("today", say)))
    )
