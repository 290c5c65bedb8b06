"""A month as a grid of buttons: its days under their weekdays, and the ways to its neighbours."""

import calendar
from collections.abc import Callable
from datetime import date

from aiogram.filters.callback_data import CallbackData
from babel.dates import format_date, get_day_names

from contracts.screens import Button
from screens.buttons import Row, button
from screens.texts import Texts

NO_DAY = "·"

Month = tuple[int, int]
"""Year and month."""

FIRST, LAST = (2000, 1), (2099, 12)
"""What is planned lies between these."""


def month_grid(
    month: Month,
    say: Texts,
    *,
    day: Callable[[date], Button],
    turn: Callable[[Month], CallbackData],
) -> tuple[Row, ...]:
    """Return the rows of a month: `day` draws the button of each day.

    `turn` returns the press that shows a month. Whatever leads nowhere shows the same month again,
    which changes nothing: every button of Telegram's has to do something.
    """
    here = turn(month)
    weeks = calendar.Calendar().monthdatescalendar(*month)
    rows = tuple(
        tuple(day(each) if each.month == month[1] else button(NO_DAY, here) for each in week)
        for week in weeks
    )
    weekdays = tuple(button(name, here) for name in _weekdays(say))
    title = button(month_title(month, say), here)
    earlier = (button("‹", turn(neighbour(month, -1))),) if month > FIRST else ()
    later = (button("›", turn(neighbour(month, 1))),) if month < LAST else ()
    return ((*earlier, title, *later), weekdays, *rows)


def month_title(month: Month, say: Texts) -> str:
    """Return a month's name and year, plain."""
    return format_date(date(*month, 1), "LLLL y", locale=say.language)


def neighbour(month: Month, months: int) -> Month:
    """Return the month that is so many later, or earlier."""
    count = month[0] * 12 + month[1] - 1 + months
    return count // 12, count % 12 + 1


def _weekdays(say: Texts) -> list[str]:
    """Return the short names of the weekdays from Monday on."""
    names = get_day_names("short", "stand-alone", say.language)
    return [names[number] for number in range(7)]
