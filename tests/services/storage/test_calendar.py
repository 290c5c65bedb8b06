"""Tasks are added and changed, and their reminders planned in the same transaction."""

from contracts.calendar import MoveTask, TaskMoved
from tests.services.acting import Acting
from tests.services.storage.tasks import add, clocks, local_in, planner


async def test_a_task_is_reminded_of_a_day_half_a_day_and_an_hour_before(somebody: Acting) -> None:
    person = await planner(somebody)
    deadline = "2099-05-06T14:00"

    added = await add(person, deadline)

    assert (added.deadline, added.occurrence, added.time_zone) == (deadline, deadline, "Asia/Tokyo")
    assert await clocks(person, added.task_id) == {
        1440: "2099-05-05T14:00",
        720: "2099-05-06T02:00",
        60: "2099-05-06T13:00",
    }
    assert [(each.minutes_before, each.at) for each in added.plan.reminders] == [
        (1440, "2099-05-05T14:00"),
        (720, "2099-05-06T02:00"),
        (60, "2099-05-06T13:00"),
    ]

    moved = await person.do(MoveTask(task_id=added.task_id, version=1, deadline=local_in(hours=3)))
    assert isinstance(moved, TaskMoved)
    assert moved.plan.skipped == (1440, 720)
    assert set(await clocks(person, added.task_id)) == {60}
