"""Tasks are done, opened again, put off, deleted and restored; of a series one occurrence."""

from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import select

from contracts.base import Command
from contracts.calendar import (
    FinishTask,
    MoveTask,
    ReopenTask,
    Repeat,
    SnoozeTask,
    TaskAdded,
    TaskFinished,
    TaskId,
    TaskRefused,
    TaskReopened,
    TaskSnoozed,
)
from contracts.calendar.local_times import say_local
from database.scheduled import Scheduled
from tests.services.acting import Acting
from tests.services.storage.tasks import (
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


async def test_what_was_moved_is_put_off_and_done_from_an_older_message(somebody: Acting) -> None:
    person = await planner(somebody)
    task_id = (await add(person, DEADLINE)).task_id
    moved = "2099-06-06T14:00"
    await person.do(MoveTask(task_id=task_id, version=1, deadline=moved))

    later = await person.do(SnoozeTask(task_id=task_id, occurrence=DEADLINE, minutes=10))
    assert isinstance(later, TaskSnoozed)
    assert (later.occurrence, later.deadline) == (moved, moved)
    done = await person.do(FinishTask(task_id=task_id, occurrence=DEADLINE))
    assert isinstance(done, TaskFinished)
    assert done.occurrence == moved
    assert await clocks(person, task_id) == {}
    for each in (DEADLINE, moved):
        again = FinishTask(task_id=task_id, occurrence=each)
        assert await reason(person, again) == "already_done"


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
