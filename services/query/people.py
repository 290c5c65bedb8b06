"""Who somebody is, as far as the bots know, and who has a role."""

from typing import Any, get_args

from sqlalchemy import ARRAY, Select, Text, func, literal, select
from sqlalchemy.sql.functions import Function

from bus import Actor, Router
from contracts.people import (
    Category,
    GetPerson,
    ListRoleHolders,
    Person,
    RoleHolder,
    RoleHolders,
    RolesHidden,
)
from database import Session
from database import people as tables

router = Router()

ADMIN = "admin"
MOST_HOLDERS = 100
CATEGORIES: tuple[Category, ...] = get_args(Category)


@router.handle
async def get_person(query: GetPerson, actor: Actor, db: Session) -> Person:
    """Somebody unknown gets what a first sight would not contradict: English, and UTC."""
    asked = select(literal(actor.person).label("id")).subquery()
    found = select(
        tables.Person,
        _texts(select(tables.Blocked.app).where(tables.Blocked.person_id == asked.c.id)),
        _texts(select(tables.OptOut.category).where(tables.OptOut.person_id == asked.c.id)),
        _texts(select(tables.Grant.role).where(tables.Grant.person_id == asked.c.id)),
    ).select_from(asked.outerjoin(tables.Person, tables.Person.id == asked.c.id))
    person, blocked, opted_out, granted = (await db.execute(found)).one()
    unwanted = tuple(category for category in CATEGORIES if category in opted_out)
    if person is None:
        return Person(
            person_id=actor.person,
            known=False,
            language="en",
            time_zone="UTC",
            roles=(),
            blocked=(),
            opted_out=unwanted,
        )
    return Person(
        person_id=person.id,
        known=True,
        language=person.language,
        time_zone=person.time_zone,
        roles=(*person.roles, *sorted(granted)),
        blocked=tuple(sorted(blocked)),
        quiet_hours=person.quiet_hours,
        opted_out=unwanted,
    )


@router.handle
async def list_role_holders(
    query: ListRoleHolders, actor: Actor, db: Session
) -> RoleHolders | RolesHidden:
    asking = await db.get(tables.Person, actor.person)
    if asking is None or ADMIN not in asking.roles:
        return RolesHidden()
    grants = (
        select(tables.Grant)
        .where(tables.Grant.role == query.role)
        .order_by(tables.Grant.granted_at, tables.Grant.person_id)
        .limit(MOST_HOLDERS)
    )
    holders = tuple(
        RoleHolder(
            person_id=grant.person_id, granted_by=grant.granted_by, granted_at=grant.granted_at
        )
        for grant in await db.scalars(grants)
    )
    return RoleHolders(role=query.role, holders=holders)


def _texts(found: Select[Any]) -> Function[Any]:
    """Return what is found as an array: joined, each would multiply the rows of the others."""
    return func.array(found.scalar_subquery(), type_=ARRAY(Text))
