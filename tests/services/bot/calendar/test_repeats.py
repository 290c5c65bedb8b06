"""How tasks repeat, as people write it in both languages."""

import pytest

from contracts.calendar import Repeat
from services.bot.calendar.repeats import read_repeat, repeat_of, value_of


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
