"""How a moment is asked for: a calendar, times of a day, and words about what was written."""

from collections.abc import Callable
from datetime import date, datetime, time, timedelta

from aiogram.filters.callback_data import CallbackData

from contracts.screens import Button
from screens.buttons import Row, button
from screens.months import Month, month_grid, month_title
from screens.texts import Texts

USUAL_HOURS = (9, 12, 15, 18)
HOURS_IN_A_ROW, MINUTES_IN_A_ROW, MINUTES_APART = 6, 4, 5


def month(
    shown: Month,
    today: date,
    say: Texts,
    *,
    choose: Callable[[date], CallbackData],
    turn: Callable[[Month], CallbackData],
) -> tuple[Row, ...]:
    """Return the days of a month, today marked."""
    return month_grid(
        shown,
        say,
        day=lambda day: button(f"[{day.day}]" if day == today else str(day.day), choose(day)),
        turn=turn,
    )


def day_name(day: date, say: Texts) -> str:
    """Return a day, plain."""
    return say.local(datetime.combine(day, time.min), "EEE, d MMM y")


def times(
    start: datetime,
    now: datetime,
    say: Texts,
    take: Callable[[datetime], CallbackData],
    open_hour: Callable[[datetime], CallbackData],
) -> tuple[Row, ...]:
    """Return the usual times of a day that are to come, and all its hours below them."""
    usual = [start + timedelta(hours=hour) for hour in USUAL_HOURS]
    first = tuple(button(clock(each, say), take(each)) for each in usual if each > now)
    hours = [start + timedelta(hours=hour) for hour in range(24)]
    buttons = [button(say.local(each, "HH"), open_hour(each)) for each in hours]
    return (*((first,) if first else ()), *_rows(buttons, HOURS_IN_A_ROW))


def minutes(
    hour: datetime, say: Texts, take: Callable[[datetime], CallbackData]
) -> tuple[Row, ...]:
    """Return the times of an hour."""
    moments = [hour + timedelta(minutes=minute) for minute in range(0, 60, MINUTES_APART)]
    return _rows([button(clock(each, say), take(each)) for each in moments], MINUTES_IN_A_ROW)


def days(found: tuple[date, ...], say: Texts, choose: Callable[[date], CallbackData]) -> list[Row]:
    """Return a button for each of some days."""
    return [(button(day_name(day, say), choose(day)),) for day in found]


def back_to_month(shown: Month, say: Texts, turn: Callable[[Month], CallbackData]) -> Row:
    return (button(f"‹ {month_title(shown, say)}", turn(shown)),)


def back_to_day(day: date, say: Texts, choose: Callable[[date], CallbackData]) -> Row:
    return (button(f"‹ {day_name(day, say)}", choose(day)),)


def open_calendar(say: Texts, press: CallbackData) -> Row:
    return (button(say.plain("Calendar"), press),)


def clock(moment: datetime, say: Texts) -> str:
    return say.local(moment, "HH:mm")


def ask_time(day: date, say: Texts) -> str:
    return say("<b>{day}</b>: at what time?", day=day_name(day, say))


def which_day(text: str, say: Texts) -> str:
    return say("“{text}”: which day do you mean?", text=text)


def ask_minute(hour: datetime, say: Texts) -> str:
    return say("<b>{hour}</b>: which minute?", hour=say.local(hour, "EEE, d MMM y, HH:…"))


def not_understood(say: Texts) -> str:
    """Return why a text is no moment, with examples of those that are."""
    return say(
        "I cannot read that as a time. Please write it like <code>tomorrow 14:00</code>, "
        "<code>friday 9:30</code>, <code>in 2 hours</code> or <code>25.12 18:30</code>, "
        "or take the buttons."
    )


def several(text: str, say: Texts) -> str:
    return say("“{text}” may mean several times. Which one?", text=text)


def vague(text: str, say: Texts) -> str:
    return say("“{text}”: when exactly?", text=text)


def over(say: Texts) -> str:
    return say("That has passed already. Please choose a time to come.")


def over_but(text: str, say: Texts) -> str:
    """Return what is said of a time that has passed today, above the next ones."""
    return say("“{text}” has passed already. Do you mean this?", text=text)


def no_such_time(text: str, say: Texts) -> str:
    return say(
        "“{text}”: clocks go forward on that day, and leave out this time. Which one instead?",
        text=text,
    )


def too_far(last_year: int, say: Texts) -> str:
    return say("That is too far away: my calendar ends with {year}.", year=last_year)


def _rows(buttons: list[Button], count: int) -> tuple[Row, ...]:
    return tuple(tuple(buttons[n : n + count]) for n in range(0, len(buttons), count))
