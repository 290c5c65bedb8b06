"""Tasks are added, and their reminders planned with them."""

from typing import Literal

from sqlalchemy import func, select

from bus import Actor
from contracts.calendar import REPEATING_LIMIT, TASKS_LIMIT, AddTask, TaskAdded, TaskRefused
from contracts.calendar.local_times import local_of, moment_of, read_local, say_local
from contracts.calendar.occurrences import Series
from database import Session
from database.calendar import Owner, Task
from services.storage.calendar.own import now, owner_of
from services.storage.calendar.registration import router
from services.storage.calendar.reminders import plan
from services.storage.names import tidy, tidy_lines
from services.storage.schedule import Schedule
from services.storage.turns import take_turns

TooMany = Literal["too_many_tasks", "too_many_repeating"]
ALLOWED = {"too_many_tasks": TASKS_LIMIT, "too_many_repeating": REPEATING_LIMIT}
_Reason = Literal["passed", "starts_after_deadline"] | TooMany


@router.handle
async def add_task(
    command: AddTask, actor: Actor, db: Session, schedule: Schedule
) -> TaskAdded | TaskRefused:
    """A deadline in the past is refused; of one that is near, the reminders that are left come."""
    owner, at = _clocked(await owner_of(actor.person, db), command), await now(db)
    task = _described(command, actor, owner)
    if task.due_at <= at:
        return _refused(command, actor, "passed")
    if task.starts and task.starts > task.deadline:
        return _refused(command, actor, "starts_after_deadline")
    too_many = await exceeded(actor, db, repeating=command.repeat is not None)
    if too_many:
        return _refused(command, actor, too_many)
    db.add(task)
    await db.flush()
    return TaskAdded(
        person_id=actor.person,
        task_id=task.id,
        version=task.version,
        title=task.title,
        occurrence=say_local(task.occurrence),
        deadline=say_local(task.deadline),
        time_zone=task.time_zone,
        starts=say_local(task.starts) if task.starts else None,
        repeat=task.repeat,
        plan=await plan(task, owner, at, db, schedule),
    )


def _clocked(owner: Owner, command: AddTask) -> Owner:
    """Return the settings, for somebody not known yet those that their first word says."""
    if owner.time_zone or command.time_zone is None:
        return owner
    said = {"time_zone": command.time_zone, "remind_before": owner.remind_before}
    return Owner(person_id=owner.person_id, digest_at=owner.digest_at, **said)


def _described(command: AddTask, actor: Actor, owner: Owner) -> Task:
    anchor = read_local(command.deadline)
    occurrence = Series(command.repeat, anchor).first() if command.repeat else anchor
    due_at = moment_of(occurrence, owner.zone)
    starts = read_local(command.starts) if command.starts else None
    own = command.remind_before
    task = Task(
        person_id=actor.person,
        title=tidy(command.title),
        note=tidy_lines(command.note),
        time_zone=owner.zone,
        anchor=anchor,
        occurrence=occurrence,
        deadline=local_of(due_at, owner.zone),
        due_at=due_at,
        starts=starts and starts + (occurrence - anchor),
        remind_before=None if own is None else in_order(own),
    )
    task.repeat = command.repeat
    return task


def in_order(offsets: tuple[int, ...]) -> list[int]:
    """Return offsets each once, the first reminder first."""
    return sorted(set(offsets), reverse=True)


async def exceeded(actor: Actor, db: Session, *, repeating: bool) -> TooMany | None:
    """Return which limit another task would break.

    From here on nobody else counts for this person until the transaction ends.
    """
    await take_turns("calendar.tasks", [actor.person], db)
    counted = select(func.count(), func.count(Task.repeat_every)).select_from(Task)
    tasks, those = (await db.execute(counted.where(Task.person_id == actor.person))).one()
    if repeating and those >= REPEATING_LIMIT:
        return "too_many_repeating"
    return "too_many_tasks" if tasks >= TASKS_LIMIT else None


def _refused(command: AddTask, actor: Actor, reason: _Reason) -> TaskRefused:
    return TaskRefused(
        person_id=actor.person,
        reason=reason,
        title=tidy(command.title),
        deadline=command.deadline,
        allowed=ALLOWED.get(reason, 0),
    )
