"""Days and times as people say them, seen from their today; all of them plain."""

from datetime import date, datetime, time

from screens.texts import Texts


def day_name(day: date, today: date, say: Texts) -> str:
    """Return a day with its weekday; with its year only where that is another."""
    pattern = "EEEE, d MMMM" if day.year == today.year else "EEEE, d MMMM y"
    name = say.local(datetime.combine(day, time.min), pattern)
    match (day - today).days:
        case 0:
            return say.plain("Today, {day}", day=name)
        case 1:
            return say.plain("Tomorrow, {day}", day=name)
        case -1:
            return say.plain("Yesterday, {day}", day=name)
        case _:
            return name[0].upper() + name[1:]


def full_clock(local: str, say: Texts) -> str:
    """Return a local time of a contract with its day."""
    return say.local(datetime.fromisoformat(local))


def short_clock(local: str, today: date, say: Texts) -> str:
    """Return a local time of a contract with as much of its day as is needed on `today`."""
    clock = datetime.fromisoformat(local)
    if clock.date() == today:
        return say.local(clock, "HH:mm")
    return say.local(clock, "d MMM HH:mm" if clock.year == today.year else "d MMM y HH:mm")


def span(minutes: int, say: Texts) -> str:
    """Return how long some minutes are, in the largest units that fit exactly."""
    parts = []
    days, rest = divmod(minutes, 24 * 60)
    hours, minutes = divmod(rest, 60)
    # A day before is a day on everybody's lips, and 24 h in what people set; one word for both.
    if days:
        parts.append(say.plural("{n} day", "{n} days", days))
    if hours:
        parts.append(say.plural("{n} hour", "{n} hours", hours))
    if minutes or not parts:
        parts.append(say.plural("{n} minute", "{n} minutes", minutes))
    return " ".join(parts)
