"""Tasks are added and changed, and their reminders planned in the same transaction."""

from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import insert

from contracts.base import Command
from contracts.calendar import (
    REPEATING_LIMIT,
    TASKS_LIMIT,
    AddTask,
    ChangeRepeat,
    ChangeStart,
    ChangeTaskNote,
    ChangeTaskReminders,
    FinishTask,
    MoveTask,
    RenameTask,
    Repeat,
    RepeatChanged,
    StartChanged,
    TaskFinished,
    TaskMoved,
    TaskNoteChanged,
    TaskRefused,
    TaskRemindersChanged,
    TaskRenamed,
)
from contracts.calendar.local_times import read_local
from database.calendar import Task
from services.storage.calendar import adding
from tests.services.acting import Acting
from tests.services.storage.tasks import add, clocks, local_in, planner, stored

DEADLINE = "2099-05-06T14:00"  # a Wednesday
DAILY = Repeat(every="day")


async def test_a_task_is_reminded_of_a_day_half_a_day_and_an_hour_before(somebody: Acting) -> None:
    person = await planner(somebody)

    added = await add(person, DEADLINE, note=" with\n\n\n\nlines ", starts="2099-05-06T13:30")

    assert (added.deadline, added.occurrence, added.version) == (DEADLINE, DEADLINE, 1)
    assert (added.time_zone, added.starts) == ("Asia/Tokyo", "2099-05-06T13:30")
    planned = {1440: "2099-05-05T14:00", 720: "2099-05-06T02:00", 60: "2099-05-06T13:00"}
    assert await clocks(person, added.task_id) == planned
    assert {each.minutes_before: each.at for each in added.plan.reminders} == planned
    assert added.plan.skipped == ()
    assert (await stored(person, added.task_id)).note == "with\n\nlines"


async def test_a_near_deadline_skips_what_has_passed_and_says_so(somebody: Acting) -> None:
    person = await planner(somebody)
    added = await add(person, local_in(hours=3))
    assert added.plan.skipped == (1440, 720)
    assert set(await clocks(person, added.task_id)) == {60}

    own = await add(person, local_in(hours=3), remind_before=(30, 5, 30))
    assert [each.minutes_before for each in own.plan.reminders] == [30, 5]
    none = await add(person, local_in(hours=3), remind_before=())
    assert await clocks(person, none.task_id) == {}


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ({"deadline": "2020-05-06T14:00"}, "passed"),
        ({"deadline": DEADLINE, "starts": "2099-05-06T14:01"}, "starts_after_deadline"),
    ],
)
async def test_what_makes_no_sense_is_refused(
    somebody: Acting, fields: dict[str, Any], reason: str
) -> None:
    refused = await somebody.do(AddTask(title=" Call  mom ", **fields))
    assert isinstance(refused, TaskRefused)
    assert (refused.reason, refused.title) == (reason, "Call mom")


async def test_nobody_has_more_tasks_than_the_limits(
    somebody: Acting, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(adding, "REPEATING_LIMIT", 1)
    monkeypatch.setattr(adding, "TASKS_LIMIT", 3)
    assert (REPEATING_LIMIT, TASKS_LIMIT) == (200, 5000)
    person = await planner(somebody)
    await add(person, DEADLINE, repeat=DAILY)
    other = await add(person, DEADLINE)
    commands: tuple[Command[Any], ...] = (
        AddTask(title="x", deadline=DEADLINE, repeat=DAILY),
        ChangeRepeat(task_id=other.task_id, version=1, repeat=DAILY),
    )
    for command in commands:
        refused = await person.do(command)
        assert isinstance(refused, TaskRefused)
        assert (refused.reason, refused.allowed) == ("too_many_repeating", 200)
    await add(person, DEADLINE)
    refused = await person.do(AddTask(title="x", deadline=DEADLINE))
    assert isinstance(refused, TaskRefused)
    assert (refused.reason, refused.allowed) == ("too_many_tasks", 5000)


async def test_a_moved_deadline_takes_its_reminders_and_its_start_along(somebody: Acting) -> None:
    person = await planner(somebody)
    added = await add(person, DEADLINE, starts="2099-05-06T12:00")

    moved = await person.do(MoveTask(task_id=added.task_id, version=1, deadline="2099-06-07T09:00"))

    assert isinstance(moved, TaskMoved)
    assert (moved.deadline, moved.starts) == ("2099-06-07T09:00", "2099-06-07T07:00")
    assert await clocks(person, added.task_id) == {
        1440: "2099-06-06T09:00",
        720: "2099-06-06T21:00",
        60: "2099-06-07T08:00",
    }
    nearer = await person.do(MoveTask(task_id=added.task_id, version=2, deadline=local_in(hours=3)))
    assert isinstance(nearer, TaskMoved)
    assert nearer.plan.skipped == (1440, 720)
    assert set(await clocks(person, added.task_id)) == {60}
    past = await person.do(MoveTask(task_id=added.task_id, version=3, deadline="2020-01-01T00:00"))
    assert isinstance(past, TaskRefused)
    assert (past.reason, past.title) == ("passed", "Call mom")


async def test_each_field_is_changed_in_the_version_that_was_seen(
    somebody: Acting, somebody_else: Acting
) -> None:
    person = await planner(somebody)
    task_id = (await add(person, DEADLINE)).task_id
    changes: list[tuple[Any, type[Any]]] = [
        (RenameTask(task_id=task_id, version=1, title="Call  dad"), TaskRenamed),
        (ChangeTaskNote(task_id=task_id, version=2, note="a note"), TaskNoteChanged),
        (ChangeStart(task_id=task_id, version=3, starts="2099-05-06T13:00"), StartChanged),
        (ChangeRepeat(task_id=task_id, version=4, repeat=DAILY), RepeatChanged),
        (
            ChangeTaskReminders(task_id=task_id, version=5, remind_before=(5, 90)),
            TaskRemindersChanged,
        ),
        (MoveTask(task_id=task_id, version=6, deadline=DEADLINE), TaskMoved),
    ]
    for command, event in changes:
        foreign = await somebody_else.do(command)
        assert isinstance(foreign, TaskRefused)
        assert (foreign.reason, foreign.title) == ("no_such_task", "")
        outcome = await person.do(command)
        assert isinstance(outcome, event)
        assert (outcome.version, outcome.title[:4]) == (command.version + 1, "Call")
        stale = await person.do(command)
        assert isinstance(stale, TaskRefused)
        assert (stale.reason, stale.deadline) == ("changed_meanwhile", DEADLINE)
    assert set(await clocks(person, task_id)) == {90, 5}
    task = await stored(person, task_id)
    assert (task.title, task.note, task.repeat) == ("Call dad", "a note", DAILY)

    late = await person.do(ChangeStart(task_id=task_id, version=7, starts="2099-05-07T00:00"))
    assert isinstance(late, TaskRefused)
    assert late.reason == "starts_after_deadline"
    back = await person.do(ChangeTaskReminders(task_id=task_id, version=7, remind_before=None))
    assert isinstance(back, TaskRemindersChanged)
    assert set(await clocks(person, task_id)) == {1440, 720, 60}


async def test_a_repeating_task_begins_with_the_first_day_of_its_rule(somebody: Acting) -> None:
    person = await planner(somebody)
    mondays = Repeat(every="week", days=(0,))

    added = await add(person, DEADLINE, repeat=mondays, starts="2099-05-06T13:00")
    assert (added.deadline, added.starts) == ("2099-05-11T14:00", "2099-05-11T13:00")

    changed = await person.do(
        ChangeRepeat(task_id=added.task_id, version=1, repeat=Repeat(every="week", days=(4,)))
    )
    assert isinstance(changed, RepeatChanged)
    assert (changed.deadline, changed.occurrence) == ("2099-05-15T14:00", "2099-05-15T14:00")
    assert (await clocks(person, added.task_id))[60] == "2099-05-15T13:00"


async def test_the_last_day_of_months_stays_that_when_the_same_repeat_is_chosen_again(
    somebody: Acting,
) -> None:
    person = await planner(somebody)
    monthly = Repeat(every="month")
    task_id = (await add(person, "2099-01-31T14:00", repeat=monthly)).task_id
    await person.do(FinishTask(task_id=task_id, occurrence="2099-01-31T14:00"))

    again = await person.do(ChangeRepeat(task_id=task_id, version=1, repeat=monthly))
    assert isinstance(again, RepeatChanged)
    assert again.deadline == "2099-02-28T14:00"
    done = await person.do(FinishTask(task_id=task_id, occurrence="2099-02-28T14:00"))
    assert isinstance(done, TaskFinished)
    assert done.next_deadline == "2099-03-31T14:00"


async def test_in_the_hour_that_clocks_leave_out_a_deadline_is_an_hour_later(
    somebody: Acting,
) -> None:
    person = await planner(somebody, "Europe/Berlin")
    added = await add(person, "2099-03-29T02:30")
    assert (added.occurrence, added.deadline) == ("2099-03-29T02:30", "2099-03-29T03:30")


async def test_many_tasks_of_one_person_are_planned_again_at_once(somebody: Acting) -> None:
    """As many as one may have: in a moment, and not a statement for each."""
    person = await planner(somebody)
    deadline = read_local(DEADLINE)
    row = {
        "person_id": person.person,
        "title": "x",
        "time_zone": "Asia/Tokyo",
        "anchor": deadline,
        "occurrence": deadline,
        "deadline": deadline,
        "due_at": datetime(2099, 5, 6, 5, tzinfo=UTC),
    }
    async with person.databases.storage.begin() as db:
        ids = list(await db.scalars(insert(Task).returning(Task.id), [row for _ in range(1500)]))

    await planner(somebody, "Asia/Kolkata")

    first, last = await stored(person, ids[0]), await stored(person, ids[-1])
    assert first.due_at == last.due_at == datetime(2099, 5, 6, 8, 30, tzinfo=UTC)
    assert first.deadline == deadline
    for task_id in (ids[0], ids[-1]):
        planned = await clocks(person, task_id, "Asia/Kolkata")
        assert planned[60] == "2099-05-06T13:00"
        assert len(planned) == 3
