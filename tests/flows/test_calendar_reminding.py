"""Reminders and digests, told as chats; what is due later is due at once by moving its row."""

from datetime import UTC, date, datetime, timedelta

import asyncpg

from tests.chat import Chat
from tests.flows.calendars import at_noon, in_calendar, keep, labels, put_forward, until_known
from tests.flows.conftest import LetBeDue, MeetPerson

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


async def test_a_reminder_is_put_off_and_done_where_it_stands(
    person: Chat, let_be_due: LetBeDue, database: asyncpg.Connection
) -> None:
    person = in_calendar(person)
    await person.says("/new in 30 hours call mom")
    await person.sees_new("I will remind you")
    await until_known(person, database)
    await let_be_due(person, "task:%:1440")
    reminder = await person.sees_new("It is due in 1 day")
    assert labels(reminder) == ["Done", "Snooze", "Open"]
    await person.presses("Snooze")
    shown = await person.sees_new("When shall I remind you of call mom again?")
    assert labels(shown) == ["10 min", "1 h", "Tomorrow", "Own time", "Back"]
    await person.presses("10 min")
    shown = await person.sees_new("call mom: I will remind you again on")
    assert shown["id"] == reminder["id"]

    await let_be_due(person, "task:%:0")
    again = await person.sees_new("It is due in 1 day")
    assert again["id"] != reminder["id"]
    await person.presses("Snooze")
    await person.presses("Tomorrow")
    shown = await person.sees_new("09:00")
    assert shown["id"] == again["id"]
    await person.presses("Snooze")
    await person.presses("Own time")
    await person.sees_new("When shall I remind you again?")
    await person.says("in 72 hours")
    await person.sees_new("That is its deadline now")
    await person.presses("Done")
    await person.sees_new("Done: call mom")
    planned = "SELECT count(*) FROM scheduled WHERE actor = $1 AND key LIKE 'task:%'"
    assert await database.fetchval(planned, f"{person.person_id}@calendar") == 0
    await person.presses("Undo")
    await person.sees_new("call mom is open again")
    await let_be_due(person, "task:%:60")
    await person.sees_new("It is due in ")
    await person.presses("Open")
    await person.sees_new("Deadline: ")


async def test_a_late_reminder_says_when_it_was_due_and_passed_ones_are_told(
    person: Chat, let_be_due: LetBeDue, database: asyncpg.Connection
) -> None:
    person = in_calendar(person)
    await person.says("/new in 2 hours call mom")
    shown = await person.sees_new("I will remind you")
    assert "Too late to remind you 1 day, 12 hours before" in shown["text"]
    await put_forward(person, database, 1.5 * HOUR)
    await let_be_due(person, "task:%:60")
    reminder = await person.sees_new("This reminder is late, I am sorry: it was due on")
    assert "It is due in 2" in reminder["text"] or "It is due in 3" in reminder["text"]
    await put_forward(person, database, HOUR)
    await person.presses("Open")
    await person.sees_new("Overdue since")
    await person.presses("Done")
    await person.sees_new("Done: call mom")


async def test_clocks_that_change_and_other_zones_keep_the_time_on_the_clock(
    person: Chat, let_be_due: LetBeDue
) -> None:
    person = in_calendar(person)
    await person.says("/settings")
    await person.presses("Time zone")
    await person.says("Europe/Berlin")
    await person.sees_new("Time zone: Europe/Berlin")
    day = last_sunday_of_march(datetime.now(UTC).year + 1)
    await person.says(f"/new {day:%d.%m.%Y} 12:00 brunch")
    shown = await person.sees_new("Added: brunch")
    # A day of 23 hours: half a day, and a day, before noon clocks showed an hour less.
    for clock in (f"{day - DAY:%a, %-d %b %Y}, 11:00", "23:00", f"{day:%a, %-d %b %Y}, 11:00"):
        assert clock in shown["text"]
    await let_be_due(person, "task:%:1440")
    await person.sees_new(f"on {day:%a, %-d %b %Y}, 12:00")
    await person.says("/settings")
    await person.presses("Time zone")
    await person.says("Asia/Tokyo")
    await person.sees_new("1 open task keeps the time on its clock")
    await person.says("/all")
    await person.presses(labels(await person.sees_new("brunch"))[0])
    shown = await person.sees_new(f"Deadline: {day:%a, %-d %b %Y}, 12:00")
    for clock in (f"{day - DAY:%a, %-d %b %Y}, 12:00", "00:00", "11:00"):
        assert clock in shown["text"]


async def test_the_digest_comes_when_it_is_wanted(
    person: Chat, let_be_due: LetBeDue, database: asyncpg.Connection
) -> None:
    person = in_calendar(person)
    await person.says("/settings")
    await person.sees_new("Reminders, digest, subscribing")
    noon = await at_noon(person, database)
    await keep(person, database, {"Report": noon - DAY, "Dentist": noon + HOUR})
    await person.presses("Reminders, digest, subscribing")
    shown = await person.sees_new("Digest of the day: off")
    assert "Reminders: 1 day, 12 hours, 1 hour before" in shown["text"]
    await person.presses("Digest of the day")
    await person.says("some time")
    await person.sees_new("I cannot read that as a time of the day")
    await person.says("at 7")
    await person.sees_new("Which of these do you mean?")
    await person.presses("07:00")
    await person.sees_new("Digest of the day: 07:00")
    await person.presses("Reminders")
    await person.presses("✓ 12 hours")
    await person.sees_new("12 hours")
    await person.presses("Ready")
    await person.sees_new("Reminders: 1 day, 1 hour before")
    await person.presses("Back")
    await person.sees_new("Quiet hours: none")
    await let_be_due(person, "digest:%")
    digest = await person.sees_new("1 is overdue")
    assert labels(digest)[:2] == ["Report", "Dentist"]
    await person.presses("Dentist")
    await person.sees_new("Deadline: ")


async def test_reminders_speak_the_language_of_their_reader(
    meet: MeetPerson, let_be_due: LetBeDue, database: asyncpg.Connection
) -> None:
    person = in_calendar(await meet("ru"))
    await person.says("/new послезавтра в 14:00 позвонить маме")
    shown = await person.sees_new("Напомню")
    assert "14:00 (Europe/Moscow)" in shown["text"]
    await until_known(person, database)
    await let_be_due(person, "task:%:720")
    await person.sees_new("Срок через")
    await person.presses("Отложить")
    await person.presses("1 ч")
    await person.sees_new("напомню ещё раз")


def last_sunday_of_march(year: int) -> date:
    """Return the day on which clocks in Europe go forward."""
    last = date(year, 3, 31)
    return last - timedelta(days=(last.weekday() + 1) % 7)
