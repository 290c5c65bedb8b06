"""The digest of a day: once a local day, at the chosen time or as soon after it as possible."""

from datetime import datetime, timedelta
from typing import Literal

from sqlalchemy import select

from bus import Actor
from contracts.base import PersonId
from contracts.calendar import DigestDue, DigestSkipped, DigestTask, SendDigest
from contracts.calendar.agenda import entries
from contracts.calendar.local_times import at_clock, beginning_of, local_of, say_local
from database import Session
from database.calendar import Owner, done_by_task, due_before
from services.storage.calendar.own import now
from services.storage.calendar.registration import router
from services.storage.schedule import Schedule

SHOWN = 20
"""Tasks that a digest names; the others are counted."""
DAY = timedelta(days=1)


@router.handle
async def send_digest(
    command: SendDigest, actor: Actor, db: Session, schedule: Schedule
) -> DigestDue | DigestSkipped:
    """The settings count as they are now; whatever becomes of this one, the next is planned."""
    own = select(Owner).where(Owner.person_id == actor.person).with_for_update()
    owner, at = await db.scalar(own), await now(db)
    if owner is None:  # they are forgotten
        return DigestSkipped(person_id=actor.person, reason="off")
    reason = _why_not(command, owner, at)
    if reason:
        if reason in {"day_over", "told"}:
            await plan_digest(owner, at, schedule)
        return DigestSkipped(person_id=actor.person, reason=reason)
    owner.digest_on = command.day
    await plan_digest(owner, at, schedule)
    digest = await _digest(command, owner, at, db)
    if not digest.tasks:
        return DigestSkipped(person_id=actor.person, reason="nothing")
    return digest


async def plan_digest(owner: Owner, at: datetime, schedule: Schedule) -> None:
    """Have the next digest come that was not dealt with: today's at once if its time has passed."""
    if not owner.digest_at:
        await schedule.cancel(_key(owner.person_id))
        return
    day = local_of(at, owner.zone).date()
    if owner.digest_on is not None:
        day = max(day, owner.digest_on + DAY)
    planned_at = at_clock(day, owner.digest_at, owner.zone)
    await schedule(_key(owner.person_id), planned_at, SendDigest(day=day, planned_at=planned_at))


def skip_what_has_passed(owner: Owner, at: datetime) -> None:
    """Begin tomorrow where today's time has passed: it was chosen after that."""
    today = local_of(at, owner.zone).date()
    if owner.digest_at and at_clock(today, owner.digest_at, owner.zone) <= at:
        owner.digest_on = max(filter(None, (owner.digest_on, today)))


async def cancel_digest(person_id: PersonId, schedule: Schedule) -> None:
    """Have no digest come."""
    await schedule.cancel(_key(person_id))


def _why_not(
    command: SendDigest, owner: Owner, at: datetime
) -> Literal["off", "told", "day_over", "moved"] | None:
    if not owner.digest_at:
        return "off"
    if owner.digest_on is not None and owner.digest_on >= command.day:
        return "told"
    if command.day < local_of(at, owner.zone).date():
        return "day_over"
    due_at = at_clock(command.day, owner.digest_at, owner.zone)
    return "moved" if due_at != command.planned_at and due_at > at else None


async def _digest(command: SendDigest, owner: Owner, at: datetime, db: Session) -> DigestDue:
    day_over = beginning_of(command.day + DAY, owner.zone)
    done = await done_by_task(owner.person_id, db)
    found = sorted(
        (
            (entry.due_at, task.id, task.title)
            for task in await db.scalars(due_before(owner.person_id, day_over))
            for entry in entries(
                task.course(owner, done.get(task.id, frozenset())), owner.zone, at, day_over
            )
        ),
    )
    overdue = sum(due_at <= at for due_at, *_ in found)
    return DigestDue(
        person_id=owner.person_id,
        day=command.day,
        overdue=overdue,
        due=len(found) - overdue,
        tasks=tuple(
            DigestTask(
                task_id=task_id,
                title=title,
                deadline=say_local(local_of(due_at, owner.zone)),
                overdue=due_at <= at,
            )
            for due_at, task_id, title in found[:SHOWN]
        ),
        not_after=day_over,
        language=owner.says,
        time_zone=owner.zone,
    )


def _key(person_id: PersonId) -> str:
    return f"digest:{person_id}"
