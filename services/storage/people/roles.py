"""Administrators give others a role, and take it from them."""

from sqlalchemy import delete, literal, select
from sqlalchemy.dialects.postgresql import insert

from bus import Actor
from contracts.people import GrantRole, RevokeRole, RoleGranted, RoleRefused, RoleRevoked
from database import Session
from database.people import Grant, Person
from services.storage.people.holding import hold
from services.storage.people.registration import Admins, router


@router.handle
async def grant_role(
    command: GrantRole, actor: Actor, db: Session, admins: Admins
) -> RoleGranted | RoleRefused:
    """Who has the role already keeps it as it was granted first."""
    person_id, role = command.person_id, command.role
    if actor.person not in admins.ids:
        return RoleRefused(person_id=person_id, role=role, reason="not_permitted")
    changed_at = await hold(person_id, db)
    if await db.scalar(select(Person.id).where(Person.id == person_id)) is None:
        return RoleRefused(person_id=person_id, role=role, reason="unknown_person")
    grant = insert(Grant).values(person_id=person_id, role=role, granted_by=actor.person)
    await db.execute(grant.on_conflict_do_nothing())
    return RoleGranted(
        person_id=person_id, role=role, granted_by=actor.person, changed_at=changed_at
    )


@router.handle
async def revoke_role(
    command: RevokeRole, actor: Actor, db: Session, admins: Admins
) -> RoleRevoked | RoleRefused:
    person_id, role = command.person_id, command.role
    if actor.person not in admins.ids:
        return RoleRefused(person_id=person_id, role=role, reason="not_permitted")
    changed_at = await hold(person_id, db)
    held = delete(Grant).where(Grant.person_id == person_id, Grant.role == role)
    if await db.scalar(held.returning(literal(1))) is None:
        return RoleRefused(person_id=person_id, role=role, reason="not_held")
    return RoleRevoked(
        person_id=person_id, role=role, revoked_by=actor.person, changed_at=changed_at
    )
