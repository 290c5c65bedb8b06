"""Steps that stories about tasks begin with, in a zone whose clocks are never changed."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec
from sqlalchemy import select

from contracts.calendar import (
    AddTask,
    LocalTime,
    RemindOfTask,
    TaskAdded,
    TaskDue,
    TaskId,
    TaskReminderSkipped,
)
from contracts.calendar.local_times import local_of, say_local
from contracts.people import QuietHours, SettingsChanged
from database.calendar import Task
from database.scheduled import Scheduled
from tests.services.acting import Acting

ZONE = "Asia/Tokyo"


async def planner(
    person: Acting, time_zone: str = ZONE, quiet_hours: QuietHours | None = None
) -> Acting:
    """Return the person in the calendar, who lives in a zone and speaks Russian."""
    await person.hear(settings(person, time_zone, quiet_hours))
    return replace(person, app="calendar", events=[])


def settings(
    person: Acting, time_zone: str = ZONE, quiet_hours: QuietHours | None = None
) -> SettingsChanged:
    """Return what people says when somebody has chosen."""
    return SettingsChanged(
        person_id=person.person, language="ru", time_zone=time_zone, quiet_hours=quiet_hours
    )


def local_in(time_zone: str = ZONE, **later: float) -> LocalTime:
    """Return what a clock shows so much later."""
    return say_local(local_of(datetime.now(UTC) + timedelta(**later), time_zone))


async def add(person: Acting, deadline: LocalTime, **fields: Any) -> TaskAdded:
    """Add a task, and return what came of it."""
    outcome = await person.do(AddTask(title="Call mom", deadline=deadline, **fields))
    assert isinstance(outcome, TaskAdded)
    return outcome


async def reminders(person: Acting, task_id: TaskId) -> dict[int, RemindOfTask]:
    """Return what is planned for a task, by the minutes before its deadline."""
    prefix = f"task:{task_id}:"
    async with person.databases.storage() as db:
        rows = (await db.scalars(select(Scheduled).where(Scheduled.key.startswith(prefix)))).all()
    found = {}
    for row in rows:
        command = msgspec.convert(row.command, RemindOfTask)
        assert command.planned_at == row.due_at
        assert row.key == prefix + str(command.minutes_before)
        found[command.minutes_before] = command
    return found


async def clocks(person: Acting, task_id: TaskId, time_zone: str = ZONE) -> dict[int, LocalTime]:
    """Return what a clock shows when the reminders come, by their minutes."""
    planned = await reminders(person, task_id)
    return {
        minutes: say_local(local_of(each.planned_at, time_zone))
        for minutes, each in planned.items()
    }


async def remind(person: Acting, command: RemindOfTask) -> TaskDue | TaskReminderSkipped:
    """Have the clock bring a reminder, which takes it from the schedule."""
    key = f"task:{command.task_id}:{command.minutes_before}"
    async with person.databases.storage.begin() as db:
        row = await db.get(Scheduled, key)
        if row is not None and row.due_at == command.planned_at:
            await db.delete(row)
    return await person.do(command)


async def turn_back(person: Acting, task_id: TaskId, **earlier: float) -> None:
    """Let time pass for a task: it and what is planned for it are so much earlier."""
    past = timedelta(**earlier)
    async with person.databases.storage.begin() as db:
        task = await db.get_one(Task, task_id)
        for name in ("anchor", "occurrence", "deadline", "starts", "due_at", "snoozed_until"):
            if getattr(task, name) is not None:
                setattr(task, name, getattr(task, name) - past)


async def stored(person: Acting, task_id: TaskId) -> Task:
    """Return the row of a task."""
    async with person.databases.storage() as db:
        return await db.get_one(Task, task_id)
