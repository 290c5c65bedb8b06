"""Which bots can write to a person, as Telegram tells it and as the person shows by writing."""

from sqlalchemy import delete, literal, select
from sqlalchemy.dialects.postgresql import insert

from bus import Actor
from contracts.people import ChangeReachability, ReachabilityChanged
from database import Session
from database.people import Blocked, Person
from services.storage.people.holding import hold
from services.storage.people.registration import router


@router.handle
async def change_reachability(
    command: ChangeReachability, actor: Actor, db: Session
) -> ReachabilityChanged:
    changed_at = await hold(actor.person, db)
    if command.blocked:
        # Of somebody forgotten nothing is noted: nobody will write to them anyway.
        known = select(Person.id, literal(actor.app), literal(command.reason)).where(
            Person.id == actor.person
        )
        blocked = insert(Blocked).from_select(["person_id", "app", "reason"], known)
        await db.execute(blocked.on_conflict_do_nothing())
    else:
        await unblock(actor, db)
    return ReachabilityChanged(
        person_id=actor.person,
        app=actor.app,
        blocked=command.blocked,
        reason=command.reason,
        changed_at=changed_at,
    )


async def unblock(actor: Actor, db: Session) -> ReachabilityChanged | None:
    """Note that a bot can write to a person; returns what that changes, None for nothing."""
    changed_at = await hold(actor.person, db)
    blocked = delete(Blocked).where(Blocked.person_id == actor.person, Blocked.app == actor.app)
    if await db.scalar(blocked.returning(Blocked.app)) is None:
        return None
    return ReachabilityChanged(
        person_id=actor.person,
        app=actor.app,
        blocked=False,
        reason="unblocked",
        changed_at=changed_at,
    )
