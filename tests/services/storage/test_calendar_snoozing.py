"""Tasks are put off: a reminder comes again, and of a series one occurrence moves."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from contracts.base import Command
from contracts.calendar import (
    AddTask,
    FinishTask,
    ReopenTask,
    Repeat,
    SnoozeTask,
    TaskAdded,
    TaskDue,
    TaskFinished,
    TaskRefused,
    TaskReopened,
    TaskSnoozed,
)
from contracts.calendar.local_times import local_of, read_local, say_local
from tests.services.acting import Acting
from tests.services.storage.tasks import (
    ZONE,
    add,
    clocks,
    local_in,
    planner,
    remind,
    reminders,
    stored,
    turn_back,
)

DEADLINE = "2099-05-06T14:00"  # a Wednesday
DAILY = Repeat(every="day")


async def reason(person: Acting, command: Command[Any]) -> str:
    outcome = await person.do(command)
    assert isinstance(outcome, TaskRefused)
    return outcome.reason


async def daily(person: Acting, *, days_ago: int) -> TaskAdded:
    """Add a task that has been due every day, an hour from now by the clock, since some days."""
    added = await add(person, local_in(hours=1), repeat=DAILY)
    await turn_back(person, added.task_id, days=days_ago)
    return added


def day(local: str, days: int) -> str:
    return say_local(datetime.fromisoformat(local) + timedelta(days=days))


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


async def test_what_follows_is_reminded_of_while_the_one_before_is_put_off(
    somebody: Acting,
) -> None:
    person = await planner(somebody)
    task_id = (await add(person, DEADLINE, repeat=DAILY, remind_before=(60,))).task_id
    tomorrow = "2099-05-07T16:00"
    await person.do(SnoozeTask(task_id=task_id, occurrence=DEADLINE, until=tomorrow))
    planned = await reminders(person, task_id)
    assert planned[60].occurrence == "2099-05-07T14:00"

    told = await remind(person, planned[60])

    assert isinstance(told, TaskDue)
    assert told.occurrence == "2099-05-07T14:00"
    assert (await stored(person, task_id)).deadline == read_local(tomorrow)
    assert await clocks(person, task_id) == {0: tomorrow, 60: "2099-05-08T13:00"}
    again = await remind(person, planned[0])
    assert isinstance(again, TaskDue)
    assert (again.occurrence, again.deadline) == (DEADLINE, tomorrow)


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
