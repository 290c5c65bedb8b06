"""Reminders that are due: told, late, overtaken, or skipped because rows say otherwise by now."""

from datetime import UTC, datetime, timedelta

from msgspec.structs import replace

from contracts.calendar import (
    ChangeTaskReminders,
    DeleteTask,
    FinishTask,
    MoveTask,
    RemindOfTask,
    Repeat,
    SnoozeTask,
    TaskDue,
    TaskReminderSkipped,
)
from tests.services.acting import Acting
from tests.services.storage.tasks import (
    ZONE,
    add,
    clocks,
    local_in,
    planner,
    remind,
    reminders,
    settings,
    stored,
    turn_back,
)

DEADLINE = "2099-05-06T14:00"
DAILY = Repeat(every="day")


async def skipped(person: Acting, command: RemindOfTask) -> str:
    outcome = await remind(person, command)
    assert isinstance(outcome, TaskReminderSkipped), outcome
    return outcome.reason


async def test_a_reminder_says_what_its_reader_needs(somebody: Acting) -> None:
    person = await planner(somebody)
    added = await add(person, local_in(minutes=60), note="a note")
    task = await stored(person, added.task_id)
    hour = RemindOfTask(
        task_id=added.task_id,
        occurrence=added.occurrence,
        minutes_before=60,
        planned_at=task.due_at - timedelta(hours=1),
    )

    outcome = await remind(person, hour)

    assert isinstance(outcome, TaskDue)
    assert 55 <= outcome.minutes_left <= 60
    assert outcome == TaskDue(
        person_id=person.person,
        task_id=added.task_id,
        title="Call mom",
        note="a note",
        occurrence=added.occurrence,
        deadline=added.deadline,
        due_at=task.due_at,
        minutes_before=60,
        minutes_left=outcome.minutes_left,
        repeats=False,
        late=False,
        was_due=outcome.was_due,
        not_after=task.due_at + timedelta(hours=12),
        language="ru",
        time_zone=ZONE,
    )
    assert outcome.was_due < outcome.deadline
    # The same, as the schedule has it, pulled forward by whoever turns its clock.
    far = await add(person, DEADLINE)
    planned = await reminders(person, far.task_id)
    told = await remind(person, planned[720])
    assert isinstance(told, TaskDue)
    assert (told.late, told.not_after) == (False, planned[60].planned_at)


async def test_of_reminders_that_come_late_the_nearest_is_told_and_says_so(
    somebody: Acting,
) -> None:
    person = await planner(somebody)
    added = await add(person, DEADLINE)
    before = await reminders(person, added.task_id)
    far = (await stored(person, added.task_id)).due_at - datetime.now(UTC)
    await turn_back(person, added.task_id, minutes=far // timedelta(minutes=1) - 30)
    task = await stored(person, added.task_id)
    late = {
        minutes: replace(
            command,
            occurrence=f"{task.occurrence:%Y-%m-%dT%H:%M}",
            planned_at=task.due_at - timedelta(minutes=minutes),
        )
        for minutes, command in before.items()
    }

    assert await skipped(person, late[1440]) == "overtaken"
    assert await skipped(person, late[720]) == "overtaken"
    told = await remind(person, late[60])
    assert isinstance(told, TaskDue)
    assert told.late
    assert 28 <= told.minutes_left <= 31

    await turn_back(person, added.task_id, days=2)
    long_ago = {"planned_at": late[60].planned_at - timedelta(days=2)}
    occurrence = (await stored(person, added.task_id)).occurrence
    past = replace(late[60], occurrence=f"{occurrence:%Y-%m-%dT%H:%M}", **long_ago)
    assert await skipped(person, past) == "long_past"


async def test_what_makes_no_sense_any_more_is_skipped(
    somebody: Acting, somebody_else: Acting
) -> None:
    person = await planner(somebody)
    task_id = (await add(person, DEADLINE)).task_id
    first = await reminders(person, task_id)
    assert await skipped(somebody_else, first[60]) == "no_such_task"

    await person.do(MoveTask(task_id=task_id, version=1, deadline="2099-05-07T14:00"))
    assert await skipped(person, first[60]) == "moved"
    moved = await reminders(person, task_id)
    await person.do(ChangeTaskReminders(task_id=task_id, version=2, remind_before=(720,)))
    assert await skipped(person, moved[60]) == "moved"
    await person.hear(settings(somebody, "America/New_York"))
    assert await skipped(person, moved[720]) == "moved"
    await person.do(SnoozeTask(task_id=task_id, occurrence="2099-05-07T14:00", until=DEADLINE))
    snoozed = await reminders(person, task_id)
    await person.do(
        SnoozeTask(task_id=task_id, occurrence="2099-05-07T14:00", until="2099-05-07T13:00")
    )
    assert await skipped(person, snoozed[0]) == "moved"
    assert await skipped(person, snoozed[720]) == "moved"
    again = await remind(person, (await reminders(person, task_id))[0])
    assert isinstance(again, TaskDue)
    assert (again.minutes_before, again.was_due) == (0, "2099-05-07T13:00")
    await person.do(FinishTask(task_id=task_id, occurrence="2099-05-07T14:00"))
    assert await skipped(person, snoozed[720]) == "done"
    await person.do(DeleteTask(task_id=task_id, version=3))
    assert await skipped(person, snoozed[720]) == "no_such_task"


async def test_a_series_that_nobody_does_goes_on_reminding(somebody: Acting) -> None:
    """Each reminder plans the next of its kind, and opens the occurrence that it is of."""
    person = await planner(somebody)
    added = await add(person, local_in(hours=2), repeat=DAILY, remind_before=(60, 1440))
    assert set(await clocks(person, added.task_id)) == {60}
    await turn_back(person, added.task_id, days=3)
    missed = await stored(person, added.task_id)
    await person.do(ChangeTaskReminders(task_id=added.task_id, version=1, remind_before=(60, 120)))
    planned = await reminders(person, added.task_id)
    assert planned[60].occurrence == added.occurrence

    told = await remind(person, planned[60])

    assert isinstance(told, TaskDue)
    assert told.occurrence == added.occurrence
    following = await reminders(person, added.task_id)
    assert following[60].planned_at == planned[60].planned_at + timedelta(days=1)
    opened = await stored(person, added.task_id)
    assert opened.occurrence == missed.occurrence + timedelta(days=3)
    yesterday = replace(planned[60], occurrence=f"{missed.occurrence:%Y-%m-%dT%H:%M}")
    assert await skipped(person, yesterday) == "done"


async def test_of_a_series_that_was_held_up_for_days_the_last_occurrence_is_told(
    somebody: Acting,
) -> None:
    person = await planner(somebody)
    added = await add(person, local_in(minutes=30), repeat=DAILY, remind_before=(60,))
    await turn_back(person, added.task_id, days=3)
    task = await stored(person, added.task_id)
    first = RemindOfTask(
        task_id=task.id,
        occurrence=f"{task.occurrence:%Y-%m-%dT%H:%M}",
        minutes_before=60,
        planned_at=task.due_at - timedelta(hours=1),
    )

    assert await skipped(person, first) == "long_past"
    yesterday = (await reminders(person, task.id))[60]
    assert yesterday.planned_at == first.planned_at + timedelta(days=2)
    assert await skipped(person, yesterday) == "overtaken"
    told = await remind(person, (await reminders(person, task.id))[60])

    assert isinstance(told, TaskDue)
    assert told.occurrence == added.occurrence
    assert told.late
    assert 28 <= told.minutes_left <= 31
    assert (await stored(person, task.id)).occurrence == task.occurrence + timedelta(days=3)
    (planned,) = (await reminders(person, task.id)).values()
    assert planned.planned_at == first.planned_at + timedelta(days=4)
