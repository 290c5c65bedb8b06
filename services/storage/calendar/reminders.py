"""What is scheduled for tasks: a row for each offset, for a snooze, and for purging."""

from collections.abc import Collection, Iterable
from datetime import datetime

from sqlalchemy import select

from contracts.calendar import Plan, PurgeTask, RemindOfTask, TaskId
from contracts.calendar.local_times import local_of, moment_of, say_local
from contracts.calendar.planning import Clock, Course, plan_of, reminder_to_come
from database import Session
from database.calendar import OPEN, Owner, Task, done_by_task
from services.storage.calendar.own import done_later
from services.storage.schedule import Schedule, ToCome

SNOOZED = 0
"""In place of an offset: the reminder that comes again."""


async def plan(task: Task, owner: Owner, now: datetime, db: Session, schedule: Schedule) -> Plan:
    """Schedule the reminders of an open task instead of what was; return those of its occurrence.

    Offsets that it had before are to be cancelled before.
    """
    course = task.course(owner, await done_later(task, db))
    if task.done_at:
        return Plan()
    coming = _coming(task, course, owner, now)
    planned = {each.key for each in coming}
    await schedule.cancel(*(key for key in _keys(task.id, course.offsets) if key not in planned))
    await schedule.all(coming)
    return plan_of(course, owner.clock, now)


def plan_next(
    task_id: TaskId, minutes: int, course: Course, clock: Clock, after: datetime
) -> ToCome | None:
    """Return what comes next by one offset of a task."""
    reminder = reminder_to_come(minutes, course, clock, after)
    if reminder is None:
        return None
    return _reminding(task_id, reminder.minutes, reminder.occurrence, reminder.moment)


async def plan_again(
    owner: Owner, was: Owner, now: datetime, db: Session, schedule: Schedule
) -> int:
    """Plan all open tasks of a person, whose settings were others, anew; return how many.

    The tasks are due at the same clock times as before. What is due already, and not handled yet,
    stays unless it is due later now; what would have come by now, had the settings always been
    these, comes at once.
    """
    open_tasks = select(Task).where(Task.person_id == owner.person_id, *OPEN)
    tasks = (await db.scalars(open_tasks.order_by(Task.id).with_for_update())).all()
    done = await done_by_task(owner.person_id, db)
    keys: set[str] = set()
    for task in tasks:
        keys.update(_keys(task.id, task.course(was).offsets))
    pending = await schedule.due(keys)
    coming: list[ToCome] = []
    kept: set[str] = set()
    for task in tasks:
        # Later ones are of a later occurrence: of the open one, all has been told.
        own = _keys(task.id, task.course(was).offsets)
        owed = {key for key in own if key in pending and pending[key] <= task.due_at}
        due = {key for key in own if key in pending and pending[key] <= now}
        before = _coming(task, task.course(was), was, now) if due else []
        follow(task, owner)
        course = task.course(owner, done.get(task.id, frozenset()))
        found = _coming(task, course, owner, now, owed)
        kept |= due - _put_later(task, before, found, now)
        coming += found
    coming = [each for each in coming if each.key not in kept]
    planned = {each.key for each in coming}
    await schedule.cancel(*(pending.keys() - kept - planned))
    await schedule.all(coming)
    return len(tasks)


def _put_later(
    task: Task, before: Collection[ToCome], coming: Collection[ToCome], now: datetime
) -> set[str]:
    """Return the keys of what is to come by the new settings, and was not by the old ones.

    A repeating task plans what comes next when its reminder that is due is handled.
    """
    was = {each.key: each.due_at for each in before}
    later = {each.key for each in coming if each.due_at > now and was.get(each.key) != each.due_at}
    return later & {_key(task.id, SNOOZED)} if task.repeat_every else later


async def cancel(task: Task, owner: Owner, schedule: Schedule) -> None:
    """Remind of a task no more."""
    await schedule.cancel(*_keys(task.id, task.course(owner).offsets))


async def cancel_all(owner: Owner, db: Session, schedule: Schedule) -> None:
    """Forget all that is planned for a person's tasks."""
    tasks = (await db.scalars(select(Task).where(Task.person_id == owner.person_id))).all()
    keys = [key for task in tasks for key in _keys(task.id, task.course(owner).offsets)]
    await schedule.cancel(*keys, *(_purging(task.id) for task in tasks))


async def purge_at(task_id: TaskId, moment: datetime, schedule: Schedule) -> None:
    """Have a task purged then, unless it is kept before."""
    await schedule(_purging(task_id), moment, PurgeTask(task_id=task_id))


async def keep(task_id: TaskId, schedule: Schedule) -> None:
    """Have a task stay that was to be purged."""
    await schedule.cancel(_purging(task_id))


def _coming(
    task: Task,
    course: Course,
    owner: Owner,
    now: datetime,
    owed: Collection[str] = (),
) -> list[ToCome]:
    """Return the reminders to come; under `owed` keys also those that should have come by now."""
    found = []
    for minutes in course.offsets:
        passed = _key(task.id, minutes) in owed
        each = reminder_to_come(minutes, course, owner.clock, now, passed=passed)
        if each:
            found.append(_reminding(task.id, minutes, each.occurrence, each.moment))
    snoozed = task.snoozed_until
    if snoozed and (snoozed > now or _key(task.id, SNOOZED) in owed):
        found.append(_reminding(task.id, SNOOZED, task.occurrence, snoozed))
    return found


def follow(task: Task, owner: Owner) -> None:
    """Have a task be due at the same clock times in its person's zone."""
    if task.time_zone == owner.zone:
        return
    if task.snoozed_until:
        task.snoozed_until = moment_of(local_of(task.snoozed_until, task.time_zone), owner.zone)
    task.time_zone = owner.zone
    task.due_at = moment_of(task.deadline, owner.zone)
    task.deadline = local_of(task.due_at, owner.zone)


def _reminding(task_id: TaskId, minutes: int, occurrence: datetime, moment: datetime) -> ToCome:
    reminder = RemindOfTask(
        task_id=task_id,
        occurrence=say_local(occurrence),
        minutes_before=minutes,
        planned_at=moment,
    )
    return ToCome(_key(task_id, minutes), moment, reminder)


def _keys(task_id: TaskId, offsets: Iterable[int]) -> list[str]:
    return [_key(task_id, minutes) for minutes in (*offsets, SNOOZED)]


def _key(task_id: TaskId, minutes: int) -> str:
    return f"task:{task_id}:{minutes}"


def _purging(task_id: TaskId) -> str:
    return f"calendar:purge:{task_id}"
