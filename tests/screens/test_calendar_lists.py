"""What people see of their calendar in lists: the views, and a month."""

from datetime import date
from typing import Literal, get_args

import pytest

from contracts.calendar import Month, MonthDay, TaskItem, TaskPage
from screens import calendar
from screens.calendar import DayButton, MonthButton, TaskButton, ViewButton
from screens.months import FIRST, LAST, month_grid
from screens.texts import texts
from tests.screens.test_documents import labels

EN, RU = texts("en"), texts("ru")
TODAY = date(2026, 12, 31)


def item(deadline: str, *, overdue: bool = False, done_at: str | None = None) -> TaskItem:
    return TaskItem(
        task_id=7,
        occurrence=deadline,
        title="A&B",
        deadline=deadline,
        day=date.fromisoformat(deadline[:10]),
        overdue=overdue,
        repeats=True,
        has_note=True,
        starts="2027-01-01T08:00",
        snoozed_until="2027-01-01T08:30",
        done_at=done_at,
    )


def page(*tasks: TaskItem, total: int = 0) -> TaskPage:
    return TaskPage(
        tasks=tasks,
        total=total or len(tasks),
        overdue=sum(task.overdue for task in tasks),
        today=TODAY,
        now="2026-12-31T12:00",
        time_zone="UTC",
        more=True,
    )


def test_a_view_has_headings_marks_and_the_way_to_each_task() -> None:
    found = page(
        item("2026-12-30T09:00", overdue=True), item("2027-01-01T09:00"), item("2028-01-01T09:00")
    )
    screen = calendar.task_list(found, ViewButton(view="all", offset=10), EN)
    assert screen.text == (
        "<b>All</b>: 3, overdue: <b>1</b>\nThere are more beyond these.\n"
        "\n<b>Overdue</b>\n❗ 30 Dec 09:00 A&amp;B 🔁 📝 💤 until 1 Jan 2027 08:30\n"
        "\n<b>Tomorrow, Friday, 1 January 2027</b>\n"
        "08:00–09:00 A&amp;B 🔁 📝 💤 until 1 Jan 2027 08:30\n"
        "\n<b>Saturday, 1 January 2028</b>\n09:00 A&amp;B 🔁 📝 💤 until 1 Jan 2027 08:30"
    )
    assert labels(screen)[:2] == [["❗ 30 Dec 09:00 A&B"], ["1 Jan 2027 09:00 A&B"]]
    pressed = TaskButton.unpack(screen.buttons[0][0].action)
    assert pressed == TaskButton(task_id=7, occurrence="202612300900", origin="all", offset=10)


def test_what_is_done_stands_below_the_day_on_which_it_was() -> None:
    found = page(item("2026-12-30T09:00", done_at="2026-12-31T11:05"), total=11)
    screen = calendar.task_list(found, ViewButton(view="done", offset=10), EN)
    assert "Done</b>: 11 to 11 of 11" in screen.text
    assert "<b>Today, Thursday, 31 December</b>\n✓ 11:05 A&amp;B 🔁 📝" in screen.text
    assert labels(screen)[:2] == [["✓ A&B"], ["‹"]]


@pytest.mark.parametrize("view", get_args(calendar.View))
def test_an_empty_view_has_a_way_on(view: Literal["today", "week", "all", "done"]) -> None:
    screen = calendar.task_list(page(), ViewButton(view=view), EN)
    assert labels(screen)[0] == ["New task", "Month"]
    empty_day = calendar.day_list(page(), DayButton(day="2026-12-31"), EN)
    assert labels(empty_day) == [["New task", "Month", "Today"]]


def test_a_month_has_marks_and_leads_to_days() -> None:
    days = (MonthDay(day=30, tasks=2, overdue=True), MonthDay(day=31, tasks=1, overdue=False))
    found = Month(year=2026, month=12, days=days, overdue=4, today=TODAY, time_zone="UTC")
    screen = calendar.month(found, RU)
    assert "Декабрь 2026</b>: 3" in screen.text
    assert labels(screen)[0] == ["‹", "декабрь 2026", "›"]
    assert labels(screen)[1] == ["пн", "вт", "ср", "чт", "пт", "сб", "вс"]
    assert labels(screen)[6] == ["28", "29", "30❗", "[31]•", "·", "·", "·"]
    assert screen.buttons[6][3].action == DayButton(day="2026-12-31").pack()
    assert screen.buttons[0][2].action == MonthButton(year=2027, month=1).pack()


def test_months_end_where_nothing_can_be_planned() -> None:
    def titles(month: tuple[int, int]) -> list[str]:
        grid = month_grid(
            month,
            EN,
            day=lambda day: calendar.task_list(page(), ViewButton(), EN).buttons[0][0],
            turn=lambda month: MonthButton(year=month[0], month=month[1]),
        )
        return [each.text for each in grid[0]]

    assert titles(FIRST) == ["January 2000", "›"]
    assert titles(LAST) == ["‹", "December 2099"]
