"""A task in one line: which of its words are a moment, and which are left for the title."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from services.bot.forms.written import read_spans, split_moment

NOW = datetime(2026, 11, 18, 12, 0, tzinfo=ZoneInfo("Europe/Moscow"))


@pytest.mark.parametrize(
    ("line", "title", "written"),
    [
        ("tomorrow 14:00 call mom", "call mom", "tomorrow 14:00"),
        ("call mom tomorrow at 14:00", "call mom", "tomorrow at 14:00"),
        ("tomorrow call mom at 14:00", "call mom", "tomorrow at 14:00"),
        ("at 15:00 call mom tomorrow", "call mom", "at 15:00 tomorrow"),
        ("15:00 позвонить маме завтра", "позвонить маме", "15:00 завтра"),
        ("10:00 birthday 5 may", "birthday", "10:00 5 may"),
        ("15:00 buy tickets for friday", "buy tickets for friday", "15:00"),
        ("tomorrow 14:00 report by friday", "report by friday", "tomorrow 14:00"),
        ("in 2 hours check the oven", "check the oven", "in 2 hours"),
        ("next friday 18:00 party", "party", "next friday 18:00"),
        ("dinner at 7", "dinner", "at 7"),
        ("friday report", "report", "friday"),
        ("in the afternoon on the 25th of december 2027 sing", "sing",
         "in the afternoon on the 25th of december 2027"),
        ("tomorrow 14:00 read chapter 5", "read chapter 5", "tomorrow 14:00"),
        ("30 minutes run tomorrow 9:00", "30 minutes run", "tomorrow 9:00"),
        ("friday plan of the year tomorrow 9:00", "friday plan of the year", "tomorrow 9:00"),
        ("завтра в 14 позвонить маме", "позвонить маме", "завтра в 14"),
        ("через 2 часа проверить духовку", "проверить духовку", "через 2 часа"),
        ("сдать отчёт до пятницы 18:00", "сдать отчёт", "до пятницы 18:00"),
        ("через неделю оплатить счёт", "оплатить счёт", "через неделю"),
        ("послезавтра в 9 утра к врачу", "к врачу", "послезавтра в 9 утра"),
        ("25.12 18:30 ёлка", "ёлка", "25.12 18:30"),
        ("tomorrow 14:00", "", "tomorrow 14:00"),
        ("5", "", "5"),
        ("  call   mom ", "call mom", ""),
        ("buy 5 apples", "buy 5 apples", ""),
        ("5 apples", "5 apples", ""),
        ("2 hours of gym", "2 hours of gym", ""),
        ("read chapter 5", "read chapter 5", ""),
        ("sun cream", "sun cream", ""),
        ("evening dress", "evening dress", ""),
        ("may birthday", "may birthday", ""),
        ("31.02 14:00 dinner", "31.02 14:00 dinner", ""),
        ("dinner 31.02 14:00", "dinner 31.02 14:00", ""),
        ("dinner 30 feb at 14:00", "dinner 30 feb at 14:00", ""),
        ("14:00 30 февраля ужин", "14:00 30 февраля ужин", ""),
        ("5 apples 14:00", "5 apples", "14:00"),
        ("12 monkeys tomorrow", "12 monkeys", "tomorrow"),
        ("buy 2 tickets at 5", "buy 2 tickets", "at 5"),
        ("через неделю в среду в 10 стрижка", "стрижка", "через неделю в среду в 10"),
        ("", "", ""),
    ],
)  # fmt: skip
def test_the_moment_is_told_apart_from_the_title(line: str, title: str, written: str) -> None:
    split = split_moment(line, NOW)
    assert (split.title, split.written) == (title, written)
    assert (split.reading is None) == (not written)


@pytest.mark.parametrize(
    ("text", "minutes"),
    [
        ("2h, 30m", (120, 30)),
        ("2 ч, 30 мин, 1 день", (120, 30, 1440)),
        ("1 week and 1 day", (10080, 1440)),
        ("1h30m; 2 days", (90, 2880)),
        ("полчаса", (30,)),
        ("1.5 hours", (90,)),
        ("soon", None),
        ("2h, soon", None),
        ("1 month", None),
        ("", None),
    ],
)
def test_several_spans_are_read_at_once(text: str, minutes: tuple[int, ...] | None) -> None:
    assert read_spans(text) == minutes
