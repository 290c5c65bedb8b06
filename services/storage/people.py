"""People are remembered when they write, choose their settings, and are forgotten if they wish."""

from dataclasses import dataclass
from zoneinfo import available_timezones

from sqlalchemy import ARRAY, Text, delete, func, literal, select, update
from sqlalchemy.dialects.postgresql import insert

from bus import Actor, Router
from contracts.people import (
    ChangeReachability,
    ChangeSettings,
    ErasePerson,
    PersonErased,
    PersonRemembered,
    ReachabilityChanged,
    RememberPerson,
    SettingsChanged,
    SettingsRefused,
)
from database import Session
from database.people import Blocked, Person

router = Router()

ADMIN = "admin"
UTC = "UTC"
ZONES = {name.casefold(): name for name in available_timezones()}
"""The names of the IANA database by how people may type them."""


@dataclass(frozen=True, slots=True)
class Admins:
    """Who has the role of an administrator; set by whoever runs the installation."""

    ids: frozenset[int]


@router.handle
async def remember_person(
    command: RememberPerson, actor: Actor, db: Session, admins: Admins
) -> PersonRemembered:
    """Language and zone are noted at first sight only: later they are the person's choice."""
    newcomer = insert(Person).values(
        id=actor.person,
        language=command.language,
        time_zone=_zone(command.time_zone) or UTC,
    )
    added = await db.scalar(newcomer.on_conflict_do_nothing().returning(Person.id))
    other_roles = func.array_remove(Person.roles, ADMIN)
    own_role = literal([ADMIN] if actor.person in admins.ids else [], ARRAY(Text))
    seen = (
        update(Person)
        .where(Person.id == actor.person)
        .values(last_seen=func.now(), roles=func.array_cat(own_role, other_roles))
        .returning(Person.language, Person.time_zone)
    )
    person = (await db.execute(seen)).one()
    return PersonRemembered(
        person_id=actor.person,
        app=actor.app,
        new=added is not None,
        language=person.language,
        time_zone=person.time_zone,
    )


@router.handle
async def change_settings(
    command: ChangeSettings, actor: Actor, db: Session
) -> SettingsChanged | SettingsRefused:
    zone = None if command.time_zone is None else _zone(command.time_zone)
    if command.time_zone is not None and zone is None:
        return SettingsRefused(
            person_id=actor.person, reason="unknown_time_zone", time_zone=command.time_zone
        )
    person = insert(Person).values(
        id=actor.person, language=command.language or "en", time_zone=zone or UTC
    )
    changed = person.on_conflict_do_update(
        index_elements=[Person.id],
        set_={
            "language": func.coalesce(command.language, Person.language),
            "time_zone": func.coalesce(zone, Person.time_zone),
        },
    ).returning(Person.language, Person.time_zone)
    settings = (await db.execute(changed)).one()
    return SettingsChanged(
        person_id=actor.person, language=settings.language, time_zone=settings.time_zone
    )


@router.handle
async def change_reachability(
    command: ChangeReachability, actor: Actor, db: Session
) -> ReachabilityChanged:
    if command.blocked:
        # Of somebody forgotten nothing is noted: nobody will write to them anyway.
        known = select(Person.id, literal(actor.app)).where(Person.id == actor.person)
        await db.execute(
            insert(Blocked).from_select(["person_id", "app"], known).on_conflict_do_nothing()
        )
    else:
        await db.execute(
            delete(Blocked).where(Blocked.person_id == actor.person, Blocked.app == actor.app)
        )
    return ReachabilityChanged(person_id=actor.person, app=actor.app, blocked=command.blocked)


@router.handle
async def erase_person(command: ErasePerson, actor: Actor, db: Session) -> PersonErased:
    """Somebody unknown is erased, too: other apps may still keep something of them."""
    await db.execute(delete(Person).where(Person.id == actor.person))
    return PersonErased(person_id=actor.person)


def _zone(text: str) -> str | None:
    return ZONES.get(text.strip().casefold())
