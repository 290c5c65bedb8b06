"""Tasks are done, opened again, put off, deleted and restored; of a series one occurrence."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select, update

from contracts.base import Command
from contracts.calendar import (
    AddTask,
    DeleteTask,
    FinishTask,
    MoveTask,
    PurgeTask,
    ReopenTask,
    Repeat,
    RestoreTask,
    SnoozeTask,
    TaskAdded,
    TaskDeleted,
    TaskFinished,
    TaskId,
    TaskPurged,
    TaskRefused,
    TaskReopened,
    TaskRestored,
    TaskSnoozed,
    TaskSpared,
)
from contracts.calendar.local_times import local_of, say_local
from database.calendar import Task
from database.scheduled import Scheduled
from tests.services.acting import Acting
from tests.services.storage.tasks import (
    ZONE,
    add,
    clocks,
    local_in,
    planner,
    stored,
    turn_back,
)

DEADLINE = "2099-05-06T14:00"  # a Wednesday
DAILY = Repeat(every="day")


async def reason(person: Acting, command: Command[Any]) -> str:
    outcome = await person.do(command)
    assert isinstance(outcome, TaskRefused)
    return outcome.reason


async def purging(person: Acting, task_id: TaskId) -> datetime | None:
    """Return when a task is to be purged."""
    async with person.databases.storage() as db:
        key = f"calendar:purge:{task_id}"
        return await db.scalar(select(Scheduled.due_at).where(Scheduled.key == key))


async def daily(person: Acting, *, days_ago: int) -> TaskAdded:
    """Add a task that has been due every day, an hour from now by the clock, since some days."""
    added = await add(person, local_in(hours=1), repeat=DAILY)
    await turn_back(person, added.task_id, days=days_ago)
    return added


def day(local: str, days: int) -> str:
    return say_local(datetime.fromisoformat(local) + timedelta(days=days))


async def test_what_is_done_reminds_of_nothing_until_it_is_opened_again(somebody: Acting) -> None:
    person = await planner(somebody)
    task_id = (await add(person, DEADLINE)).task_id
    finish = FinishTask(task_id=task_id, occurrence=DEADLINE)
    reopen = ReopenTask(task_id=task_id, occurrence=DEADLINE)

    done = await person.do(finish)

    assert done == TaskFinished(
        person_id=person.person, task_id=task_id, title="Call mom", occurrence=DEADLINE
    )
    assert await clocks(person, task_id) == {}
    kept_until = await purging(person, task_id)
    assert kept_until
    assert kept_until > datetime.now(UTC) + timedelta(days=365)
    assert await reason(person, finish) == "already_done"
    assert await reason(person, SnoozeTask(task_id=task_id, occurrence=DEADLINE, minutes=10)) == (
        "already_done"
    )
    moved = await person.do(MoveTask(task_id=task_id, version=1, deadline=DEADLINE))
    assert isinstance(moved, TaskRefused)

    for _ in range(2):
        opened = await person.do(reopen)
        assert isinstance(opened, TaskReopened)
        assert len(opened.plan.reminders) == len(await clocks(person, task_id)) == 3
        assert await purging(person, task_id) is None
    other = ReopenTask(task_id=task_id, occurrence="2099-01-01T00:00")
    assert await reason(person, other) == "no_such_occurrence"


async def test_a_done_occurrence_plans_the_next_and_comes_back(somebody: Acting) -> None:
    person = await planner(somebody)
    rule = Repeat(every="week", days=(2, 4))
    added = await add(person, DEADLINE, repeat=rule, starts="2099-05-06T13:00")
    task_id = added.task_id

    done = await person.do(FinishTask(task_id=task_id, occurrence=DEADLINE))

    assert isinstance(done, TaskFinished)
    assert (done.next_occurrence, done.next_deadline) == ("2099-05-08T14:00", "2099-05-08T14:00")
    assert await clocks(person, task_id) == {
        1440: "2099-05-07T14:00",
        720: "2099-05-08T02:00",
        60: "2099-05-08T13:00",
    }
    task = await stored(person, task_id)
    assert task.starts
    assert (say_local(task.starts), task.version) == ("2099-05-08T13:00", 1)

    opened = await person.do(ReopenTask(task_id=task_id, occurrence=DEADLINE))
    assert isinstance(opened, TaskReopened)
    assert (opened.deadline, (await clocks(person, task_id))[60]) == (DEADLINE, "2099-05-06T13:00")


async def test_occurrences_are_done_in_any_order(somebody: Acting) -> None:
    """What is done ahead is left out when its turn comes."""
    person = await planner(somebody)
    task_id = (await add(person, DEADLINE, repeat=DAILY)).task_id

    async def finish(occurrence: str) -> str | None:
        outcome = await person.do(FinishTask(task_id=task_id, occurrence=occurrence))
        assert isinstance(outcome, TaskFinished)
        return outcome.next_occurrence

    assert await finish("2099-05-07T14:00") == DEADLINE
    assert await finish("2099-05-09T14:00") == DEADLINE
    assert await finish(DEADLINE) == "2099-05-08T14:00"
    assert await finish("2099-05-08T14:00") == "2099-05-10T14:00"
    again = FinishTask(task_id=task_id, occurrence="2099-05-09T14:00")
    assert await reason(person, again) == "already_done"
    never = FinishTask(task_id=task_id, occurrence="2099-05-11T14:30")
    assert await reason(person, never) == "no_such_occurrence"
    opened = await person.do(ReopenTask(task_id=task_id, occurrence="2099-05-07T14:00"))
    assert isinstance(opened, TaskReopened)
    assert opened.deadline == "2099-05-07T14:00"
    assert await finish("2099-05-07T14:00") == "2099-05-10T14:00"


async def test_what_was_missed_is_not_due_any_more_once_something_is_done(
    somebody: Acting,
) -> None:
    person = await planner(somebody)
    added = await daily(person, days_ago=5)
    first, today = day(added.occurrence, -5), added.occurrence

    done = await person.do(FinishTask(task_id=added.task_id, occurrence=first))
    assert isinstance(done, TaskFinished)
    assert done.next_occurrence == today

    await person.do(ReopenTask(task_id=added.task_id, occurrence=first))
    done = await person.do(FinishTask(task_id=added.task_id, occurrence=today))
    assert isinstance(done, TaskFinished)
    assert done.next_occurrence == day(today, 1)
    late = await person.do(FinishTask(task_id=added.task_id, occurrence=day(first, 1)))
    assert isinstance(late, TaskFinished)
    assert late.next_occurrence == day(today, 1)


async def test_the_last_day_of_the_calendar_ends_a_series(somebody: Acting) -> None:
    person = await planner(somebody)
    last = "2099-12-31T14:00"
    task_id = (await add(person, last, repeat=DAILY)).task_id
    done = await person.do(FinishTask(task_id=task_id, occurrence=last))
    assert isinstance(done, TaskFinished)
    assert done.next_occurrence is None
    assert await clocks(person, task_id) == {}


@pytest.mark.parametrize("repeat", [None, DAILY], ids=["once", "daily"])
async def test_a_snooze_before_the_deadline_leaves_it_where_it_is(
    somebody: Acting, repeat: Repeat | None
) -> None:
    person = await planner(somebody)
    task_id = (await add(person, DEADLINE, repeat=repeat)).task_id

    outcome = await person.do(
        SnoozeTask(task_id=task_id, occurrence=DEADLINE, until="2099-05-06T10:00")
    )

    assert isinstance(outcome, TaskSnoozed)
    assert (outcome.until, outcome.deadline, outcome.moved) == ("2099-05-06T10:00", DEADLINE, False)
    planned = await clocks(person, task_id)
    assert (planned[0], planned[60]) == ("2099-05-06T10:00", "2099-05-06T13:00")
    assert 1440 not in planned


async def test_a_snooze_after_the_deadline_moves_that_occurrence_only(somebody: Acting) -> None:
    person = await planner(somebody)
    weekly = Repeat(every="week", days=(2,))
    task_id = (await add(person, DEADLINE, repeat=weekly, starts="2099-05-06T13:00")).task_id

    outcome = await person.do(
        SnoozeTask(task_id=task_id, occurrence=DEADLINE, until="2099-05-07T09:00")
    )
    assert isinstance(outcome, TaskSnoozed)
    assert (outcome.occurrence, outcome.deadline, outcome.moved) == (
        DEADLINE,
        "2099-05-07T09:00",
        True,
    )
    planned = await clocks(person, task_id)
    assert planned == {
        0: "2099-05-07T09:00",
        1440: "2099-05-12T14:00",
        720: "2099-05-13T02:00",
        60: "2099-05-13T13:00",
    }

    done = await person.do(FinishTask(task_id=task_id, occurrence=DEADLINE))
    assert isinstance(done, TaskFinished)
    assert done.next_deadline == "2099-05-13T14:00"
    assert 0 not in await clocks(person, task_id)
    opened = await person.do(ReopenTask(task_id=task_id, occurrence=DEADLINE))
    assert isinstance(opened, TaskReopened)
    assert opened.deadline == "2099-05-07T09:00"


async def test_minutes_of_a_snooze_count_from_now(somebody: Acting) -> None:
    person = await planner(somebody)
    added = await add(person, local_in(minutes=30))
    before = datetime.now(UTC) - timedelta(seconds=5)

    await person.do(SnoozeTask(task_id=added.task_id, occurrence=added.occurrence, minutes=10))

    task = await stored(person, added.task_id)
    assert task.snoozed_until
    assert timedelta(minutes=10) <= task.snoozed_until - before <= timedelta(minutes=12)
    past = SnoozeTask(
        task_id=added.task_id, occurrence=added.occurrence, until=local_in(minutes=-5)
    )
    assert await reason(person, past) == "passed"


async def test_a_later_occurrence_is_snoozed_once_the_open_one_is_late(somebody: Acting) -> None:
    person = await planner(somebody)
    added = await daily(person, days_ago=3)
    today, tomorrow = added.occurrence, day(added.occurrence, 1)

    outcome = await person.do(SnoozeTask(task_id=added.task_id, occurrence=today, minutes=600))

    assert isinstance(outcome, TaskSnoozed)
    assert outcome.moved
    ahead = SnoozeTask(task_id=added.task_id, occurrence=tomorrow, minutes=10)
    assert await reason(person, ahead) == "no_such_occurrence"


async def test_a_deleted_task_is_silent_until_it_is_restored(
    somebody: Acting, somebody_else: Acting
) -> None:
    person = await planner(somebody)
    task_id = (await add(person, DEADLINE)).task_id
    foreign = await somebody_else.do(DeleteTask(task_id=task_id, version=1))
    assert isinstance(foreign, TaskRefused)

    assert isinstance(await person.do(DeleteTask(task_id=task_id, version=1)), TaskDeleted)

    assert await clocks(person, task_id) == {}
    assert await purging(person, task_id)
    for command in (
        FinishTask(task_id=task_id, occurrence=DEADLINE),
        ReopenTask(task_id=task_id, occurrence=DEADLINE),
        SnoozeTask(task_id=task_id, occurrence=DEADLINE, minutes=1),
    ):
        assert await reason(person, command) == "no_such_task"
    assert isinstance(await person.do(PurgeTask(task_id=task_id)), TaskSpared)
    await planner(somebody, "Europe/Berlin")
    assert await clocks(person, task_id) == {}

    for _ in range(2):
        back = await person.do(RestoreTask(task_id=task_id))
        assert isinstance(back, TaskRestored)
        assert (back.deadline, len(back.plan.reminders)) == (DEADLINE, 3)
    assert (await clocks(person, task_id, "Europe/Berlin"))[60] == "2099-05-06T13:00"
    assert await purging(person, task_id) is None
    assert isinstance(await somebody_else.do(RestoreTask(task_id=task_id)), TaskRefused)


async def test_what_was_deleted_or_done_long_ago_is_purged(somebody: Acting) -> None:
    person = await planner(somebody)
    deleted = (await add(person, DEADLINE)).task_id
    await person.do(DeleteTask(task_id=deleted, version=1))
    done = (await add(person, DEADLINE)).task_id
    await person.do(FinishTask(task_id=done, occurrence=DEADLINE))
    for task_id, column, days in ((deleted, "deleted_at", 30), (done, "done_at", 366)):
        assert isinstance(await person.do(PurgeTask(task_id=task_id)), TaskSpared)
        past = datetime.now(UTC) - timedelta(days=days, minutes=1)
        async with person.databases.storage.begin() as db:
            await db.execute(update(Task).where(Task.id == task_id).values({column: past}))
        assert isinstance(await person.do(PurgeTask(task_id=task_id)), TaskPurged)
        assert isinstance(await person.do(PurgeTask(task_id=task_id)), TaskSpared)
    gone = await person.do(RestoreTask(task_id=deleted))
    assert isinstance(gone, TaskRefused)


async def test_minutes_past_the_deadline_move_it_to_that_very_moment(somebody: Acting) -> None:
    """What the clock shows then may come twice: the moment counts."""
    person = await planner(somebody)
    added = await person.do(AddTask(title="x", deadline=local_in(minutes=20)))
    assert isinstance(added, TaskAdded)
    outcome = await person.do(
        SnoozeTask(task_id=added.task_id, occurrence=added.occurrence, minutes=60)
    )
    assert isinstance(outcome, TaskSnoozed)
    task = await stored(person, added.task_id)
    assert task.snoozed_until == task.due_at
    assert say_local(local_of(task.due_at, ZONE)) == outcome.until == outcome.deadline
