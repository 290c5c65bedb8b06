"""How tasks repeat, as people write it in both languages."""

import pytest

from contracts.calendar import Repeat
from services.bot.calendar.repeats import read_repeat, repeat_of, split_repeat, value_of


def week(*days: int) -> Repeat:
    return Repeat(every="week", days=days)


def every(days: int) -> Repeat:
    return Repeat(every="days", interval=days)


@pytest.mark.parametrize(
    ("text", "repeat"),
    [
        ("every day", Repeat(every="day")),
        ("Daily", Repeat(every="day")),
        ("каждый день", Repeat(every="day")),
        ("every 1 day", Repeat(every="day")),
        ("weekdays", Repeat(every="weekday")),
        ("on weekdays", Repeat(every="weekday")),
        ("по будням", Repeat(every="weekday")),
        ("по рабочим дням", Repeat(every="weekday")),
        ("monthly", Repeat(every="month")),
        ("каждый месяц", Repeat(every="month")),
        ("every mon, wed", week(0, 2)),
        ("weekly on Sunday and Monday", week(0, 6)),
        ("по понедельникам и средам", week(0, 2)),
        ("пн, ср, пт, пн", week(0, 2, 4)),
        ("каждую пятницу", week(4)),
        ("every 3 days", every(3)),
        ("каждые 3 дня", every(3)),
        ("раз в десять дней", every(10)),
        ("14", every(14)),
        ("every other day", every(2)),
        ("через день", every(2)),
        ("every 1000 days", None),
        ("every 0 days", None),
        ("", None),
        ("weekly", every(7)),
        ("каждую неделю", every(7)),
        ("every 2 weeks", every(14)),
        ("раз в 3 недели", every(21)),
        ("once a week", every(7)),
        ("every 60 weeks", None),
        ("every year", None),
        ("when I feel like it", None),
    ],
)
def test_a_repeat_is_read(text: str, repeat: Repeat | None) -> None:
    assert read_repeat(text) == repeat
    assert repeat_of(value_of(repeat)) == repeat


@pytest.mark.parametrize(
    ("line", "left", "repeat"),
    [
        ("standup every monday 9:00", "standup monday 9:00", week(0)),
        ("планёрка каждый понедельник 9:00", "планёрка monday 9:00", week(0)),
        ("по пн, ср 19:00 зал", "19:00 зал", week(0, 2)),
        ("по понедельникам и средам 19:00 зал", "19:00 зал", week(0, 2)),
        ("every mon and wed 10:00 gym", "10:00 gym", week(0, 2)),
        ("зарядка каждый день в 8:00", "зарядка в 8:00", Repeat(every="day")),
        ("по будням 9:15 дейли", "9:15 дейли", Repeat(every="weekday")),
        ("every 2 days 10:00 water", "10:00 water", every(2)),
        ("rent every month 1.12 10:00", "rent 1.12 10:00", Repeat(every="month")),
        ("every 2 hours drink", "every 2 hours drink", None),
        ("monthly report friday 10:00", "monthly report friday 10:00", None),
        ("tell everybody tomorrow 9:00", "tell everybody tomorrow 9:00", None),
        ("каждый раз по магазинам", "каждый раз по магазинам", None),
        ("", "", None),
    ],
)
def test_a_repeat_is_told_apart_from_the_words_around_it(
    line: str, left: str, repeat: Repeat | None
) -> None:
    assert split_repeat(line) == (left, repeat)
