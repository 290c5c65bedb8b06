"""Tasks entered and changed in chat: by questions, in one line, and one thing at a time."""

import asyncio
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from tests.chat import Chat, Shown
from tests.flows.conftest import MeetPerson


@pytest.fixture
def anna(person: Chat) -> Chat:
    """Somebody new in the calendar, whose clock is taken for UTC."""
    return replace(person, app="calendar")


def labels(shown: Shown) -> list[str]:
    return [button["text"] for row in shown["buttons"] for button in row]


def days_from_now(days: int) -> datetime:
    return datetime.now(UTC) + timedelta(days=days)


def month_after(months: int) -> str:
    """Return the title of a month that is so many after the current one."""
    today = datetime.now(UTC)
    year, month = divmod(today.year * 12 + today.month - 1 + months, 12)
    return f"{datetime(year, month + 1, 1, tzinfo=UTC):%B %Y}"


async def open_new(person: Chat) -> None:
    """Add a task that is far away, and look at it."""
    await person.says("/new 31.12.2098 10:00 party")
    await person.sees_new("Added: party")
    await person.presses("Open")
    await person.sees_new("Rename")


async def test_a_deadline_is_chosen_in_the_calendar(anna: Chat) -> None:
    await anna.says("/start")
    await anna.presses("New task")
    await anna.sees_new("What is to be done?")
    await anna.says("Water the plants")
    calendar = await anna.sees_new("Until when?")
    assert f"[{datetime.now(UTC).day}]" in labels(calendar)
    await anna.presses("‹")
    await anna.sees_new("That has passed already")
    await anna.says("some day")
    await anna.sees_new("I cannot read that as a time")
    await anna.presses("›")
    await anna.sees_new(month_after(1))
    await anna.presses("›")
    await anna.sees_new(month_after(2))
    await anna.presses("15")
    hours = await anna.sees_new("at what time?")
    assert {"09:00", "18:00", "00", "23"} <= set(labels(hours))
    await anna.presses("14")
    await anna.presses("14:35")
    review = await anna.sees_new("Is everything right?")
    assert "Title: Water the plants" in review["text"]
    assert "Reminders: 1 day, 12 hours, 1 hour before (as in your settings)" in review["text"]
    await anna.presses("Save")
    added = await anna.sees_new("Added: Water the plants")
    assert ", 15 " in added["text"].splitlines()[1]
    assert added["text"].splitlines()[1].endswith(", 14:35 (UTC)")
    assert "13:35." in added["text"]
    await anna.presses("Undo")
    await anna.sees_new("Deleted: Water the plants")


async def test_more_is_added_from_the_review_or_left_out(anna: Chat) -> None:
    await anna.says("/new 31.12.2098 14:00")
    await anna.sees_new("What is to be done?")
    await anna.says("Water the plants")
    await anna.presses("Note")
    await anna.presses("Skip")
    assert "Note:" not in (await anna.sees_new("Is everything right?"))["text"]
    await anna.presses("Note")
    await anna.sees_new("What shall I note about it?")
    await anna.says("with rain water")
    await anna.presses("Repeat")
    await anna.sees_new("How does it repeat?")
    await anna.says("when I feel like it")
    await anna.sees_new("I cannot read how that repeats")
    await anna.presses("On days of the week")
    await anna.presses("✓ Wed")  # the day of the deadline
    await anna.sees_new("Wed")
    await anna.presses("Ready")
    await anna.sees_new("at least one day")
    await anna.presses("Mon")
    await anna.sees_new("✓ Mon")
    await anna.presses("Ready")
    await anna.presses("Reminders")
    await anna.sees_new("How long before the deadline")
    await anna.says("2h, 30m")
    review = await anna.sees_new("Is everything right?")
    assert "Note: with rain water\nRepeat: every week: Mon" in review["text"]
    assert "Reminders: 2 hours, 30 minutes before" in review["text"]
    await anna.presses("Save")
    added = await anna.sees_new("Added: Water the plants")
    assert "Deadline: Mon, 5 Jan 2099, 14:00 (UTC)" in added["text"]
    assert "Repeats: every week: Mon" in added["text"]
    assert "Mon, 5 Jan 2099, 12:00; Mon, 5 Jan 2099, 13:30." in added["text"]


async def test_one_line_is_enough(anna: Chat, meet: MeetPerson) -> None:
    before = days_from_now(1)
    await anna.says("/new tomorrow 14:00 call mom")
    added = await anna.sees_new("Added: call mom")
    days = {f"{day:%-d %b %Y}, 14:00 (UTC)" for day in (before, days_from_now(1))}
    assert any(day in added["text"] for day in days)

    await anna.says("31.12.2098 10:00 <b>pack</b> & go\nwarm socks\na hat")
    await anna.sees_new("Shall I make a task of it?")
    twice = anna.presses("Make a task"), anna.presses("Make a task")
    await asyncio.gather(*twice, return_exceptions=True)  # the second may find no button any more
    added = await anna.sees_new("Added: <b>pack</b> & go")
    assert "Deadline: Wed, 31 Dec 2098, 10:00 (UTC)" in added["text"]
    await anna.presses("Open")
    await anna.sees_new("warm socks\na hat")
    await anna.says("/all")
    tasks = labels(await anna.sees_new("pack"))
    assert len([task for task in tasks if "pack" in task]) == 1, "two presses make one task"

    boris = replace(await meet("ru"), app="calendar")
    await boris.says("/new завтра в 14 позвонить маме")
    added = await boris.sees_new("Добавлено: позвонить маме")
    assert ", 14:00 (Europe/Moscow)" in added["text"]


async def test_what_one_line_leaves_open_is_asked(anna: Chat) -> None:
    await anna.says("/new")
    await anna.sees_new("What is to be done?")
    await anna.presses("Cancel")
    await anna.sees_new("Cancelled")
    await anna.says("/new buy milk")
    await anna.sees_new("Until when?")
    await anna.says("in 2 hours")
    await anna.sees_new("Title: buy milk")
    await anna.presses("Save")
    shown = await anna.sees_new("Added: buy milk")
    assert "Too late to remind you 1 day, 12 hours before" in shown["text"]

    await anna.says("/new 31.12.2098 at 7 dinner")
    unclear = await anna.sees_new("may mean several times")
    assert "Wed, 31 Dec 2098, 07:00" in labels(unclear)
    await anna.presses("Wed, 31 Dec 2098, 19:00")
    await anna.sees_new("Title: dinner")
    await anna.presses("Save")
    await anna.sees_new("Added: dinner")

    await anna.says("/new 31.12.2098")
    await anna.sees_new("Wed, 31 Dec 2098: at what time?")
    await anna.says("18:05")
    await anna.sees_new("What is to be done?")
    await anna.says("fireworks")
    await anna.presses("Save")
    added = await anna.sees_new("Added: fireworks")
    assert "31 Dec 2098, 18:05" in added["text"]


async def test_a_task_is_renamed_in_the_version_that_was_seen(anna: Chat) -> None:
    await open_new(anna)
    await anna.says("/all")
    await anna.sees_new("party")
    await anna.presses("31 Dec 2098 10:00 party")
    await anna.sees_new("Rename")
    await anna.presses("Rename")
    await anna.sees_new("from now on")
    await anna.says("New Year's party")
    await anna.sees_new("It is called New Year's party now")
    # The first message with the task still shows it as it was before.
    await anna.presses("Rename")
    await anna.sees_new("from now on")
    await anna.says("Old Year's party")
    await anna.sees_new("was changed meanwhile")


async def test_a_deadline_and_a_start_are_moved(anna: Chat) -> None:
    await open_new(anna)
    await anna.presses("Deadline")
    calendar = await anna.sees_new("new deadline")
    assert "December 2098" in labels(calendar)
    await anna.says("yesterday 10:00")
    await anna.sees_new("That has passed already")
    await anna.says("30.12.2098 22:00")
    await anna.sees_new("is due on Tue, 30 Dec 2098, 22:00")
    await anna.presses("Open")
    await anna.presses("Starts")
    await anna.sees_new("When does it start?")
    await anna.says("31.12.2098 8:00")
    await anna.sees_new("cannot start after its deadline")
    await anna.presses("Another start")
    await anna.sees_new("When does it start?")
    await anna.says("30.12.2098 20:00")
    await anna.sees_new("starts on Tue, 30 Dec 2098, 20:00")


async def test_note_repeat_and_reminders_are_changed(anna: Chat) -> None:
    await open_new(anna)
    await anna.presses("Note")
    await anna.sees_new("What shall I note about it?")
    await anna.says("bring glasses")
    await anna.sees_new("bring glasses")
    await anna.presses("Open")
    await anna.presses("Repeat")
    await anna.presses("Every month")
    await anna.sees_new("party: every month")
    await anna.presses("Open")
    await anna.presses("Reminders")
    boxes = await anna.sees_new("How long before the deadline")
    assert {"✓ 1 day", "✓ 1 hour", "30 minutes"} <= set(labels(boxes))
    await anna.presses("✓ 1 hour")
    await anna.sees_new("1 hour")
    await anna.presses("Ready")
    await anna.sees_new("Reminders of party: 1 day, 12 hours before")


async def test_a_time_that_clocks_leave_out_is_shown_back(anna: Chat) -> None:
    await anna.says("/settings")
    await anna.presses("Time zone")
    await anna.sees_new("Choose your time zone")
    await anna.says("Europe/Berlin")
    await anna.sees_new("Time zone: Europe/Berlin")
    # Berlin's clocks go forward at 2:00 on the last Sunday of March.
    end = datetime(days_from_now(365).year, 3, 31, tzinfo=UTC)
    sunday = end - timedelta(days=(end.weekday() + 1) % 7)
    await anna.says(f"/new {sunday:%d.%m.%Y} 2:30 wake up")
    unclear = await anna.sees_new("clocks go forward on that day")
    day = f"Sun, {sunday:%-d %b %Y}"
    assert f"{day}, 01:30" in labels(unclear)
    await anna.presses(f"{day}, 03:30")
    await anna.sees_new("Title: wake up")
    # The same by the buttons of the clock.
    await anna.presses("Back")
    await anna.sees_new("Until when?")
    await anna.says(f"{sunday:%d.%m.%Y}")
    await anna.presses("02")
    await anna.presses("02:30")
    await anna.sees_new("clocks go forward on that day")
    await anna.presses(f"{day}, 03:30")
    await anna.sees_new("Title: wake up")
    await anna.presses("Save")
    added = await anna.sees_new("Added: wake up")
    assert f"Deadline: {day}, 03:30" in added["text"]
