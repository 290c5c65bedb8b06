"""What people see of their tasks: by day, within a week, in a month, done, found by words."""

from datetime import UTC, date, datetime, timedelta

import pytest

from contracts.base import Page
from contracts.calendar import (
    AddTask,
    DeleteTask,
    FinishTask,
    GetMonth,
    GetTask,
    ListDay,
    ListTasks,
    NoTask,
    Repeat,
    SearchTasks,
    SnoozeTask,
    Task,
    TaskAdded,
    TaskId,
    TaskPage,
)
from contracts.people import QuietHours
from tests.services.acting import Acting
from tests.services.storage.tasks import add, local_in, planner, turn_back

DEADLINE = "2099-05-06T14:00"  # a Wednesday
DAILY = Repeat(every="day")


def zone_where_it_is_noon() -> str:
    """Return a zone in which the day neither began nor ends soon."""
    offset = datetime.now(UTC).hour - 12  # of Etc/GMT, whose signs are turned round
    return f"Etc/GMT{offset:+d}" if offset else "Etc/GMT"


def days(page: TaskPage) -> list[tuple[int, str, bool]]:
    """Return what a page lists: days from today, titles, and whether that is overdue."""
    return [((each.day - page.today).days, each.title, each.overdue) for each in page.tasks]


async def named(person: Acting, title: str, deadline: str, repeat: Repeat | None = None) -> TaskId:
    outcome = await person.do(AddTask(title=title, deadline=deadline, repeat=repeat))
    assert isinstance(outcome, TaskAdded)
    return outcome.task_id


async def test_views_have_what_is_overdue_first_and_then_day_by_day(
    somebody: Acting, somebody_else: Acting
) -> None:
    zone = zone_where_it_is_noon()
    person = await planner(somebody, zone)
    await named(await planner(somebody_else, zone), "Foreign", local_in(zone, hours=1))
    late = await named(person, "Late", local_in(zone, hours=2))
    await turn_back(person, late, days=2)
    for title, later in (("Evening", {"hours": 3}), ("6 days", {"days": 6}), ("7", {"days": 7})):
        await named(person, title, local_in(zone, **later))
    deleted = await named(person, "Deleted", local_in(zone, hours=3))
    await person.do(DeleteTask(task_id=deleted, version=1))

    today = await person.ask(ListTasks(view="today"))
    assert days(today) == [(-2, "Late", True), (0, "Evening", False)]
    assert (today.total, today.overdue, today.time_zone) == (2, 1, zone)
    week = await person.ask(ListTasks(view="week"))
    assert days(week) == [*days(today), (6, "6 days", False)]
    second = await person.ask(ListTasks(view="week", page=Page(offset=1, limit=1)))
    assert (second.tasks, second.total) == (week.tasks[1:2], 3)
    every = await person.ask(ListTasks(view="all"))
    assert days(every) == [*days(week), (7, "7", False)]
    assert (every.total, every.overdue) == (4, 1)
    past = await person.ask(ListDay(day=today.today - timedelta(days=2)))
    assert [(each.title, each.overdue) for each in past.tasks] == [("Late", True)]
    assert (await person.ask(ListDay(day=today.today + timedelta(days=1)))).tasks == ()


async def test_a_week_has_each_occurrence_but_those_that_are_done(somebody: Acting) -> None:
    zone = zone_where_it_is_noon()
    person = await planner(somebody, zone)
    daily = await named(person, "Daily", local_in(zone, hours=1), DAILY)
    await turn_back(person, daily, days=3)
    late = await person.ask(ListTasks(view="week"))
    assert [day for day, *_ in days(late)] == [-3, 0, 1, 2, 3, 4, 5, 6]
    ahead = local_in(zone, days=2, hours=1)

    await person.do(FinishTask(task_id=daily, occurrence=ahead))

    week = await person.ask(ListTasks(view="week"))
    assert [day for day, *_ in days(week)] == [0, 1, 3, 4, 5, 6]
    assert [day for day, *_ in days(await person.ask(ListTasks(view="all")))] == [0]
    done = await person.ask(ListTasks(view="done"))
    (item,) = done.tasks
    assert (item.title, item.occurrence, item.deadline, done.total) == ("Daily", ahead, ahead, 1)
    assert item.done_at
    assert not item.overdue
    day = await person.ask(ListDay(day=week.today + timedelta(days=1)))
    assert [each.title for each in day.tasks] == ["Daily"]


async def test_a_month_marks_the_days_that_hold_something(somebody: Acting) -> None:
    person = await planner(somebody)
    await named(person, "Once", DEADLINE)
    await named(person, "Weekly", DEADLINE, Repeat(every="week", days=(2,)))
    late = await named(person, "Late", local_in(hours=1))
    await turn_back(person, late, days=400)

    month = await person.ask(GetMonth(year=2099, month=5))

    assert [(each.day, each.tasks, each.overdue) for each in month.days] == [
        (6, 2, False),
        (13, 1, False),
        (20, 1, False),
        (27, 1, False),
    ]
    assert month.overdue == 1
    later = await person.ask(GetMonth(year=2099, month=6))
    assert [each.day for each in later.days] == [3, 10, 17, 24]
    was_late = datetime.now(UTC) + timedelta(hours=10) - timedelta(days=400)  # by the clock there
    past = await person.ask(GetMonth(year=was_late.year, month=was_late.month))
    assert [(each.day, each.overdue) for each in past.days] == [(was_late.day, True)]


async def test_a_task_is_shown_in_any_of_its_occurrences(
    somebody: Acting, somebody_else: Acting
) -> None:
    person = await planner(somebody, quiet_hours=QuietHours(begins="23:00", ends="07:00"))
    added = await add(person, DEADLINE, repeat=DAILY, note="a note", starts="2099-05-06T13:00")
    await person.do(FinishTask(task_id=added.task_id, occurrence=DEADLINE))

    async def shown(occurrence: str | None = None) -> Task:
        reply = await person.ask(GetTask(task_id=added.task_id, occurrence=occurrence))
        assert isinstance(reply, Task)
        return reply

    task = await shown()
    assert (task.occurrence, task.starts) == ("2099-05-07T14:00", "2099-05-07T13:00")
    assert (task.note, task.repeat, task.remind_before) == ("a note", DAILY, None)
    assert [(each.minutes_before, each.at, each.hushed) for each in task.reminders] == [
        (720, "2099-05-07T07:00", True),
        (60, "2099-05-07T13:00", False),
    ]
    done = await shown(DEADLINE)
    assert (done.occurrence, done.deadline, done.reminders) == (DEADLINE, DEADLINE, ())
    assert done.done_at
    later = await shown("2099-05-09T14:00")
    assert (later.deadline, later.starts, later.day) == (
        "2099-05-09T14:00",
        "2099-05-09T13:00",
        date(2099, 5, 9),
    )
    assert (await shown("2099-05-09T14:30")).occurrence == task.occurrence

    await person.do(
        SnoozeTask(task_id=added.task_id, occurrence=task.occurrence, until="2099-05-07T15:00")
    )
    snoozed = await shown()
    assert (snoozed.deadline, snoozed.snoozed_until) == ("2099-05-07T15:00", "2099-05-07T15:00")
    assert snoozed.reminders == ()
    assert await somebody_else.ask(GetTask(task_id=added.task_id)) == NoTask()
    await person.do(DeleteTask(task_id=added.task_id, version=1))
    assert await person.ask(GetTask(task_id=added.task_id)) == NoTask(deleted=True)


@pytest.mark.parametrize(
    "words", ["маме", "ПОЗВОНИТЬ", "звон мам", "еж", "Ёж", "зеленой папке", "100%", "a_b"]
)
async def test_words_are_found_in_titles_and_notes(
    somebody: Acting, somebody_else: Acting, words: str
) -> None:
    for person in (somebody, somebody_else):
        outcome = await person.do(
            AddTask(
                title="Позвонить маме", deadline=DEADLINE, note="Ёжик в\n  Зелёной папке: 100% a_b"
            )
        )
        assert isinstance(outcome, TaskAdded)
        await named(person, "Something else: 1000 axb", DEADLINE)
    page = await somebody.ask(SearchTasks(words=words))
    assert [each.title for each in page.tasks] == ["Позвонить маме"]
    assert (page.total, page.more) == (1, False)


async def test_search_lists_open_tasks_first_and_each_once(somebody: Acting) -> None:
    person = await planner(somebody)
    done = await named(person, "Call done", DEADLINE)
    await person.do(FinishTask(task_id=done, occurrence=DEADLINE))
    weekly = await named(person, "Call weekly", DEADLINE, Repeat(every="week", days=(2,)))
    for occurrence in (DEADLINE, "2099-05-13T14:00"):
        await person.do(FinishTask(task_id=weekly, occurrence=occurrence))
    await named(person, "Call soon", "2099-01-01T00:00")
    deleted = await named(person, "Call deleted", DEADLINE)
    await person.do(DeleteTask(task_id=deleted, version=1))

    page = await person.ask(SearchTasks(words="call"))

    assert [(each.title, each.done_at is None) for each in page.tasks] == [
        ("Call soon", True),
        ("Call weekly", True),
        ("Call done", False),
    ]
    second = await person.ask(SearchTasks(words="call", page=Page(offset=2, limit=2)))
    assert (second.tasks, second.total) == (page.tasks[2:], 3)
