"""What people see of their calendar: reminders, digests, lists, months, refusals."""

from datetime import UTC, date, datetime
from typing import Literal, get_args, get_type_hints

import pytest

from contracts.base import Language
from contracts.calendar import (
    DigestDue,
    DigestTask,
    FeedAddress,
    Month,
    MonthDay,
    NoFeed,
    TaskDue,
    TaskItem,
    TaskPage,
    TaskRefused,
)
from contracts.screens import Screen
from screens import calendar
from screens.calendar import (
    DayButton,
    FinishButton,
    MonthButton,
    SnoozeForButton,
    TaskButton,
    ViewButton,
)
from screens.calendar.days import day_name, span
from screens.months import FIRST, LAST, month_grid
from screens.texts import texts
from tests.screens.test_documents import labels

EN, RU = texts("en"), texts("ru")
TODAY = date(2026, 12, 31)
MOMENT = datetime(2026, 12, 31, 14, tzinfo=UTC)
REASONS = get_args(get_type_hints(TaskRefused)["reason"])


def due(minutes_left: int, *, late: bool = False) -> TaskDue:
    return TaskDue(
        person_id=1,
        task_id=7,
        title="A&B",
        note="<i>note</i>",
        occurrence="2026-12-31T14:00",
        deadline="2026-12-31T14:00",
        due_at=MOMENT,
        minutes_before=60,
        minutes_left=minutes_left,
        repeats=False,
        late=late,
        was_due="2026-12-31T13:00",
        not_after=MOMENT,
        language="en",
        time_zone="UTC",
    )


@pytest.mark.parametrize(
    ("minutes_left", "english", "russian"),
    [
        (60, "It is due in 1 hour, on Thu, 31 Dec 2026, 14:00.", "Срок через 1 час:"),
        (1501, "in 1 day 1 hour 1 minute,", "через 1 день 1 час 1 минуту:"),
        (0, "It is due now", "Срок наступил"),
        (-5, "It was due on Thu, 31 Dec 2026, 14:00.", "Срок был: чт, 31 дек. 2026, 14:00."),
    ],
)
def test_a_reminder_says_how_near_it_is(minutes_left: int, english: str, russian: str) -> None:
    screen = calendar.task_due(due(minutes_left), EN)
    assert english in screen.text
    assert "<b>A&amp;B</b>" in screen.text
    assert "&lt;i&gt;note" in screen.text
    assert "late" not in screen.text
    assert russian in calendar.task_due(due(minutes_left), RU).text
    assert labels(screen) == [["Done", "Snooze"], ["Open"]]


def test_a_late_reminder_says_when_it_was_due() -> None:
    text = calendar.task_due(due(20, late=True), EN).text
    assert "late, I am sorry: it was due on Thu, 31 Dec 2026, 13:00." in text


def test_a_digest_lists_some_and_counts_all() -> None:
    task = DigestTask(task_id=7, title="A&B", deadline="2026-12-30T09:00", overdue=True)
    event = DigestDue(
        person_id=1,
        day=TODAY,
        overdue=1,
        due=3,
        tasks=(task,),
        not_after=MOMENT,
        language="en",
        time_zone="UTC",
    )
    screen = calendar.digest_due(event, EN)
    assert "3 tasks are due. 1 is overdue." in screen.text
    assert "❗ 30 Dec 09:00 A&amp;B" in screen.text
    assert "and 3 more" in screen.text
    assert labels(screen) == [["A&B"], ["Today", "New task"]]


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


@pytest.mark.parametrize("reason", REASONS)
@pytest.mark.parametrize("language", ["en", "ru"])
@pytest.mark.parametrize("task_id", [0, 7])
def test_every_refusal_has_words_and_a_way_on(
    reason: Literal["passed"], language: Language, task_id: int
) -> None:
    event = TaskRefused(
        person_id=1,
        reason=reason,
        task_id=task_id,
        title="A&B",
        deadline="2026-12-31T14:00",
        allowed=5000,
    )
    screen = calendar.task_refused(event, texts(language))
    assert screen.text
    assert screen.buttons


def test_an_address_is_shown_as_a_secret_and_its_absence_with_a_way_on() -> None:
    address = FeedAddress(url="https://x.example/calendar/a.ics?b&c", created_at=MOMENT)
    shown = calendar.feed(address, EN)
    assert "<code>https://x.example/calendar/a.ics?b&amp;c</code>" in shown.text
    assert "Keep it secret" in shown.text
    assert labels(shown) == [["Revoke", "Back"]]
    assert first_label(calendar.feed(NoFeed(possible=True), EN)) == "Create address"
    assert first_label(calendar.feed(NoFeed(possible=False), EN)) == "Back"


@pytest.mark.parametrize(
    "made_by_hand",
    [
        "task:1:209902301200:day:0",
        "task:1:190001011200:day:0",
        "task:1:202601011200:nowhere:0",
        "task:0::day:0",
        "done:1:",
        "later:1:202601011200:year",
        "day:0:2026-02-30",
        "day:0:٢٠٢٦-٠١-٠١",
        "month:2100:1",
        "month:2026:13",
        "view:0:tomorrow",
        "view:-1:today",
    ],
)
def test_buttons_made_by_hand_are_none(made_by_hand: str) -> None:
    kinds = (TaskButton, FinishButton, SnoozeForButton, DayButton, MonthButton, ViewButton)
    (kind,) = (each for each in kinds if made_by_hand.startswith(f"{each.__prefix__}:"))
    with pytest.raises(ValueError, match="validation error"):
        kind.unpack(made_by_hand)


def test_days_and_spans_are_said_as_people_do() -> None:
    assert day_name(date(2026, 12, 30), TODAY, EN) == "Yesterday, Wednesday, 30 December"
    assert day_name(date(2026, 12, 29), TODAY, RU) == "Вторник, 29 декабря"
    assert [span(minutes, EN) for minutes in (0, 61, 1440, 2945)] == [
        "0 minutes",
        "1 hour 1 minute",
        "1 day",
        "2 days 1 hour 5 minutes",
    ]
    assert span(21, RU) == "21 минуту"


def first_label(screen: Screen) -> str:
    return labels(screen)[0][0]
