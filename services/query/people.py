"""Who somebody is, as far as the bots know, and who has a role."""

from typing import Any, get_args

from sqlalchemy import ARRAY, Select, Text, bindparam, func, literal, select
from sqlalchemy.sql.functions import Function

from bus import Actor, Router
from contracts.people import (
    Category,
    GetPerson,
    ListRoleHolders,
    Person,
    QuietHours,
    RoleHolder,
    RoleHolders,
    RolesHidden,
)
from database.people import Blocked, Grant, OptOut
from database.people import Person as Known
from database.reading import LIMIT, PERSON, Headed, Question, Reader

router = Router()

ADMIN = "admin"
MOST_HOLDERS = 100
CATEGORIES: tuple[Category, ...] = get_args(Category)


def _texts(found: Select[Any]) -> Function[Any]:
    """Return what is found as an array: joined, each would multiply the rows of the others."""
    return func.array(found.scalar_subquery(), type_=ARRAY(Text))


_asked = select(PERSON.label("id")).subquery()
PERSON_KNOWN = Question(
    select(
        Known.id,
        Known.language,
        Known.time_zone,
        Known.roles,
        Known.quiet_from,
        Known.quiet_until,
        _texts(select(Blocked.app).where(Blocked.person_id == _asked.c.id)).label("blocked"),
        _texts(select(OptOut.category).where(OptOut.person_id == _asked.c.id)).label("opted_out"),
        _texts(select(Grant.role).where(Grant.person_id == _asked.c.id)).label("granted"),
    ).select_from(_asked.outerjoin(Known, Known.id == _asked.c.id))
)
"""One row, also of somebody unknown."""

HOLDERS = Headed(
    select(Known.id).where(Known.id == PERSON, literal(ADMIN) == func.any(Known.roles)),
    select(Grant.person_id, Grant.granted_by, Grant.granted_at)
    .where(Grant.role == bindparam("role", type_=Text))
    .limit(LIMIT),
    order=(Grant.granted_at, Grant.person_id),
)
"""Who asks, if they may, and the first to have a role."""


@router.handle
async def get_person(query: GetPerson, actor: Actor, db: Reader) -> Person:
    """Somebody unknown gets what a first sight would not contradict: English, and UTC."""
    (row,) = await db.rows(PERSON_KNOWN, person=actor.person)
    unwanted = tuple(category for category in CATEGORIES if category in row["opted_out"])
    if row["id"] is None:
        return Person(
            person_id=actor.person,
            known=False,
            language="en",
            time_zone="UTC",
            roles=(),
            blocked=(),
            opted_out=unwanted,
        )
    begins, ends = row["quiet_from"], row["quiet_until"]
    return Person(
        person_id=row["id"],
        known=True,
        language=row["language"],
        time_zone=row["time_zone"],
        roles=(*row["roles"], *sorted(row["granted"])),
        blocked=tuple(sorted(row["blocked"])),
        quiet_hours=QuietHours(begins=begins, ends=ends) if begins and ends else None,
        opted_out=unwanted,
    )


@router.handle
async def list_role_holders(
    query: ListRoleHolders, actor: Actor, db: Reader
) -> RoleHolders | RolesHidden:
    found = await db.page(HOLDERS, person=actor.person, role=query.role, limit=MOST_HOLDERS)
    if found is None:
        return RolesHidden()
    return RoleHolders(role=query.role, holders=tuple(RoleHolder(**row) for row in found.rows))
