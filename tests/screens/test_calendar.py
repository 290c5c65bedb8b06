"""What people see of their calendar: reminders, digests, refusals, addresses."""

from datetime import UTC, date, datetime
from typing import Literal, get_args, get_type_hints

import pytest

from contracts.base import Language
from contracts.calendar import (
    DigestDue,
    DigestTask,
    FeedAddress,
    NoFeed,
    TaskDue,
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
