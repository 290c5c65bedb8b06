"""Deleted tasks are silent, come back, and are purged when their time is over."""

from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import select, update

from contracts.base import Command
from contracts.calendar import (
    DeleteTask,
    FinishTask,
    PurgeTask,
    ReopenTask,
    RestoreTask,
    SnoozeTask,
    TaskDeleted,
    TaskId,
    TaskPurged,
    TaskRefused,
    TaskRestored,
    TaskSpared,
)
from database.calendar import Task
from database.scheduled import Scheduled
from tests.services.acting import Acting
from tests.services.storage.tasks import (
    add,
    clocks,
    planner,
)

DEADLINE = "2099-05-06T14:00"  # a Wednesday


async def reason(person: Acting, command: Command[Any]) -> str:
    outcome = await person.do(command)
    assert isinstance(outcome, TaskRefused)
    return outcome.reason


async def purging(person: Acting, task_id: TaskId) -> datetime | None:
    """Return when a task is to be purged."""
    async with person.databases.storage() as db:
        key = f"calendar:purge:{task_id}"
        return await db.scalar(select(Scheduled.due_at).where(Scheduled.key == key))


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
