"""How a task repeats, and when its reminders come, in words."""

from datetime import date, datetime, time, timedelta

from contracts.calendar import Plan, PlannedReminder, RemindBefore, Repeat
from screens.calendar.days import full_clock, span
from screens.texts import Texts

MONDAY = date(2024, 1, 1)


def repeat_words(repeat: Repeat | None, say: Texts) -> str:
    """Return how a task repeats, plain."""
    if repeat is None:
        return say.plain("does not repeat")
    match repeat.every:
        case "day":
            return say.plain("every day")
        case "weekday":
            return say.plain("Monday to Friday")
        case "week":
            return say.plain("every week: {days}", days=weekday_names(repeat.days, say))
        case "month":
            return say.plain("every month")
        case "days":
            return say.plural("every {n} day", "every {n} days", repeat.interval)


def weekday_names(days: tuple[int, ...], say: Texts) -> str:
    """Return short names of weekdays, 0 for Monday, plain."""
    return ", ".join(weekday_name(day, say) for day in sorted(days))


def weekday_name(day: int, say: Texts) -> str:
    """Return the short name of a weekday, plain."""
    return say.local(datetime.combine(MONDAY + timedelta(days=day), time.min), "ccc")


def before_words(remind_before: RemindBefore, say: Texts) -> str:
    """Return how long before a deadline its reminders come, plain."""
    if not remind_before:
        return say.plain("none")
    spans = ", ".join(span(minutes, say) for minutes in sorted(remind_before, reverse=True))
    return say.plain("{spans} before", spans=spans)


def plan_lines(plan: Plan, say: Texts) -> list[str]:
    """Return when the reminders of a plan come, and which have passed, as HTML."""
    lines = []
    if plan.reminders:
        times = "; ".join(reminder_time(reminder, say) for reminder in plan.reminders)
        lines.append(say("I will remind you: {times}.", times=times))
    if plan.skipped:
        spans = ", ".join(span(minutes, say) for minutes in plan.skipped)
        lines.append(say("Too late to remind you {spans} before.", spans=spans))
    return lines


def reminder_time(reminder: PlannedReminder, say: Texts) -> str:
    """Return when a reminder comes, plain."""
    clock = full_clock(reminder.at, say)
    return say.plain("{clock}, after your quiet hours", clock=clock) if reminder.hushed else clock
