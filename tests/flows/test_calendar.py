"""The calendar looked through and worked through, told as a chat."""

from datetime import datetime, timedelta

import asyncpg

from tests.chat import Chat
from tests.flows.calendars import at_noon, in_calendar, keep, labels
from tests.flows.conftest import MeetPerson

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


async def test_views_group_tasks_by_day_and_lead_to_each_and_back(
    person: Chat, database: asyncpg.Connection
) -> None:
    person = in_calendar(person)
    await person.says("/start")
    shown = await person.sees_new("Hello!")
    assert {"New task", "Today", "Week", "All", "Done", "Settings"} <= set(labels(shown))
    await person.says("/today")
    await person.sees_new("Nothing is due today")

    noon = await at_noon(person, database)
    today = {f"Task {n:02}": noon + n * HOUR / 2 for n in range(2, 12)}
    await keep(person, database, {"Report": noon - 2 * DAY, **today, "Dentist": noon + 3 * DAY})
    await person.says("/start")
    shown = await person.sees_new("Today: 1 to 10 of 11, overdue: 1")
    overdue, _, rest = shown["text"].partition("Today, ")
    assert "Overdue\n" in overdue
    assert "Report" in overdue
    assert "Task 02" in rest
    assert labels(shown)[0].startswith("❗")
    await person.presses("›")
    shown = await person.sees_new("Today: 11 to 11 of 11")
    assert "Task 11" in labels(shown)[0]
    await person.presses("Week")
    await person.sees_new("Week: 1 to 10 of 12")
    await person.presses("›")
    shown = await person.sees_new("Week: 11 to 12 of 12")
    assert shown["text"].index("Task 11") < shown["text"].index(f"{noon + 3 * DAY:%A, %-d %B}")
    dentist = labels(shown)[1]
    assert dentist.endswith("Dentist")
    await person.presses(dentist)
    shown = await person.sees_new(f"Deadline: {noon + 3 * DAY:%a, %-d %b %Y, %H:%M}")
    assert {"Done", "Snooze", "Delete", "Rename", "Deadline"} <= set(labels(shown))
    await person.presses("Back")
    await person.sees_new("Week: 11 to 12 of 12")


async def test_what_is_done_is_listed_and_can_be_undone(
    person: Chat, database: asyncpg.Connection, meet: MeetPerson
) -> None:
    person = in_calendar(person)
    await person.says("/done")
    await person.sees_new("Nothing is done yet")
    noon = await at_noon(person, database)
    await keep(person, database, {"Report": noon + HOUR})
    await open_task(person, "Report")
    await person.presses("Done")
    await person.sees_new("Done: Report")
    await person.says("/done")
    shown = await person.sees_new("Done: 1")
    assert "Today, " in shown["text"]
    await person.presses("✓ Report")
    await person.sees_new("Done on")
    await person.presses("Open again")
    await person.sees_new("Report is open again")
    await open_task(person, "Report")
    await person.presses("Done")
    await person.presses("Undo")
    await person.sees_new("Report is open again")

    await open_task(person, "Report")
    await person.presses("Delete")
    await person.sees_new("Deleted: Report")
    await person.says("/all")
    await person.sees_new("You have no open tasks")
    await person.presses("Undo")
    await person.sees_new("Report is back")
    await person.presses("Open")
    await person.sees_new("Deadline: ")
    other = in_calendar(await meet("en"))
    await other.says("/all")
    await other.sees_new("You have no open tasks")


async def test_one_of_a_series_is_done_or_left_out_and_the_series_goes(person: Chat) -> None:
    person = in_calendar(person)
    await person.says("/new tomorrow 14:00 water the flowers")
    await person.sees_new("Added: water the flowers")
    await person.presses("Open")
    await person.presses("Repeat")
    await person.presses("Every day")
    await person.sees_new("water the flowers: every day")
    await person.presses("Open")
    await person.sees_new("Repeats: every day")
    await person.presses("Done")
    await person.sees_new("It is due again on")
    await person.says("/all")
    await person.presses(labels(await person.sees_new("All: 1"))[0])
    await person.presses("Delete")
    await person.sees_new("Shall only the one of")
    await person.presses("Only this one")
    await person.sees_new("It is due again on")
    await person.presses("Undo")
    await person.presses("Open")
    await person.presses("Delete")
    await person.presses("The whole series")
    await person.sees_new("Deleted: water the flowers")


async def test_a_month_shows_which_days_hold_something(
    person: Chat, database: asyncpg.Connection
) -> None:
    person = in_calendar(person)
    await person.says("/month")
    await person.sees_new("something is due")
    noon = await at_noon(person, database)
    await keep(person, database, {"Report": noon - HOUR, "Call": noon + HOUR})
    first_of_next = (noon.replace(day=1) + 31 * DAY).replace(day=1)
    await keep(person, database, {"Rent": first_of_next})
    await person.says("/month")
    shown = await person.sees_new(f"{noon:%B %Y}")
    assert f"[{noon.day}]❗" in labels(shown)
    assert "overdue: 1" in shown["text"]
    await person.presses("›")
    shown = await person.sees_new(f"{first_of_next:%B %Y}: 1")
    await person.presses("1•")
    shown = await person.sees_new("Rent")
    await person.presses(labels(shown)[0])
    await person.sees_new("Deadline: ")
    await person.presses("Back")
    await person.sees_new("Rent")
    await person.presses("Month")
    await person.presses("2")
    await person.sees_new("nothing is due")


async def test_tasks_are_found_by_any_part_of_title_or_note(
    person: Chat, database: asyncpg.Connection, meet: MeetPerson
) -> None:
    person = in_calendar(person)
    await person.says("/start")
    await person.sees_new("Hello!")
    noon = await at_noon(person, database)
    many = {f"Call number {n}": noon + n * HOUR for n in range(1, 12)}
    await keep(person, database, {**many, "Позвонить маме": noon + DAY})
    await person.presses("Search")
    await person.sees_new("any part of a title")
    await person.says("МАМ звон")
    shown = await person.sees_new("1 to 1 of 1")
    await person.presses(labels(shown)[0])
    await person.sees_new("Deadline: ")
    await person.says("/search number")
    await person.sees_new("1 to 10 of 11")
    await person.presses("›")
    await person.sees_new("11 to 11 of 11")
    await person.says("/search nothing like it")
    await person.sees_new("I found nothing with")
    await person.presses("Other words")
    await person.sees_new("any part of a title")
    other = in_calendar(await meet("en"))
    await other.says("/search number")
    await other.sees_new("I found nothing with")


async def test_the_calendar_speaks_russian(meet: MeetPerson, database: asyncpg.Connection) -> None:
    person = in_calendar(await meet("ru"))
    await person.says("/start")
    await person.sees_new("Новая задача")
    noon: datetime = await at_noon(person, database)
    await keep(person, database, {"Отчёт": noon - DAY})
    await person.presses("Сегодня")
    shown = await person.sees_new("просрочено: 1")
    await person.presses(labels(shown)[0])
    await person.sees_new("Отложить")
    await person.presses("Готово")
    await person.sees_new("Сделано: Отчёт")


async def open_task(person: Chat, title: str) -> None:
    """Open a task from the list of all."""
    await person.says("/all")
    shown = await person.sees_new(title)
    await person.presses(next(label for label in labels(shown) if label.endswith(title)))
    await person.sees_new("Deadline: ")
