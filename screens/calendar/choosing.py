"""How a task repeats and when its reminders come is chosen: boxes to tick, and texts."""

from collections.abc import Callable, Sequence

from aiogram.filters.callback_data import CallbackData

from contracts.calendar import Repeat
from contracts.screens import Button
from screens.buttons import Row, button
from screens.calendar.days import span
from screens.calendar.repeating import repeat_words, weekday_name
from screens.texts import Texts

Press = Callable[[int], CallbackData]
IN_A_ROW = 4


def ask_repeat(say: Texts) -> str:
    return say(
        "How does it repeat? Choose, or write it, for example <code>every 3 days</code> or "
        "<code>every mon, wed</code>."
    )


def no_repeat(say: Texts) -> str:
    return say.plain("Does not repeat")


def ask_reminders(say: Texts) -> str:
    return say(
        "How long before the deadline shall I remind you? Tick and press “Ready”, or write it, for "
        "example <code>2h, 30m</code>."
    )


def reminders_of_settings(spans: str, say: Texts) -> str:
    """Return the reminders that a task has without any of its own, plain."""
    return say.plain("{spans} (as in your settings)", spans=spans)


def as_in_settings(say: Texts) -> str:
    return say.plain("As in my settings")


def repeat_choices(
    simple: Sequence[tuple[Repeat, int]], weekly: int, intervals: int, say: Texts, press: Press
) -> tuple[Row, ...]:
    """Return the ways to repeat with the numbers that they stand for."""
    rows: list[Row] = [
        (button(_capital(repeat_words(repeat, say)), press(number)),) for repeat, number in simple
    ]
    rows.append((button(say.plain("On days of the week"), press(weekly)),))
    rows.append((button(say.plain("Every few days"), press(intervals)),))
    return tuple(rows)


def weekday_choices(
    ticked: Callable[[int], bool],
    toggle: Callable[[int], CallbackData],
    ready: CallbackData,
    back: CallbackData,
    say: Texts,
) -> tuple[Row, ...]:
    """Return a box for each weekday, 0 for Monday."""
    boxes = [
        button(_box(weekday_name(day, say), ticked=ticked(day)), toggle(day)) for day in range(7)
    ]
    return (*_rows(boxes), _last(ready, back, say))


def interval_choices(
    intervals: Sequence[int], take: Press, back: CallbackData, say: Texts
) -> tuple[Row, ...]:
    """Return a button for each number of days."""
    buttons = [button(str(days), take(days)) for days in intervals]
    return (*_rows(buttons), (button(say.plain("Other ways"), back),))


def reminder_choices(
    usual: Sequence[int],
    ticked: Callable[[int], bool],
    toggle: Press,
    ready: CallbackData,
    say: Texts,
) -> tuple[Row, ...]:
    """Return a box for each usual span, in minutes; `ticked` and `toggle` take its place."""
    boxes = [
        button(_box(span(minutes, say), ticked=ticked(place)), toggle(place))
        for place, minutes in enumerate(usual)
    ]
    return (*_rows(boxes, 3), (button(say.plain("Ready"), ready),))


def ask_intervals(say: Texts) -> str:
    return say("Every how many days? Any other number can be written.")


def ask_weekdays(say: Texts) -> str:
    return say("On which days of the week?")


def wants_weekday(say: Texts) -> str:
    return say("Please tick at least one day.")


def wants_repeat(say: Texts) -> str:
    return say(
        "I cannot read how that repeats. Please write it like <code>every day</code>, "
        "<code>weekdays</code>, <code>every mon, wed</code>, <code>monthly</code> or "
        "<code>every 3 days</code> (366 at most), or take the buttons."
    )


def wants_spans(say: Texts) -> str:
    return say(
        "I cannot read that as times before a deadline. Please write them like "
        "<code>2h, 30m</code> or <code>1 day</code>, or take the buttons."
    )


def span_too_long(most: int, say: Texts) -> str:
    return say("A reminder comes {span} before the deadline at the earliest.", span=span(most, say))


def too_many_reminders(most: int, say: Texts) -> str:
    return say.plural("There can be {n} reminder.", "There can be {n} reminders at most.", most)


def _box(text: str, *, ticked: bool) -> str:
    return f"✓ {text}" if ticked else text


def _last(ready: CallbackData, back: CallbackData, say: Texts) -> Row:
    return (button(say.plain("Ready"), ready), button(say.plain("Other ways"), back))


def _rows(buttons: list[Button], count: int = IN_A_ROW) -> tuple[Row, ...]:
    return tuple(tuple(buttons[n : n + count]) for n in range(0, len(buttons), count))


def _capital(text: str) -> str:
    return text[0].upper() + text[1:]
