"""People are remembered when they write, and forgotten if they wish."""

from sqlalchemy import ARRAY, Text, delete, func, literal, update
from sqlalchemy.dialects.postgresql import insert

from bus import Actor, Events
from contracts.people import ErasePerson, PersonErased, PersonRemembered, RememberPerson
from database import Session
from database.people import Grant, OptOut, Person
from services.storage.forgotten import note_forgotten
from services.storage.people.changing import UTC, zone_named
from services.storage.people.holding import hold
from services.storage.people.reachability import unblock
from services.storage.people.registration import ADMIN, Admins, router


@router.handle
async def remember_person(
    command: RememberPerson, actor: Actor, db: Session, admins: Admins, events: Events
) -> PersonRemembered:
    """Language and zone are noted at first sight only: later they are the person's choice."""
    newcomer = insert(Person).values(
        id=actor.person,
        language=command.language,
        time_zone=zone_named(command.time_zone) or UTC,
    )
    added = await db.scalar(newcomer.on_conflict_do_nothing().returning(Person.id))
    other_roles = func.array_remove(Person.roles, ADMIN)
    own_role = literal([ADMIN] if actor.person in admins.ids else [], ARRAY(Text))
    seen = (
        update(Person)
        .where(Person.id == actor.person)
        .values(last_seen=func.now(), roles=func.array_cat(own_role, other_roles))
        # By the clock while the row is held: whoever forgets the person does so after it.
        .returning(Person, func.clock_timestamp())
    )
    person, seen_at = (await db.execute(seen)).one()
    back = await unblock(actor, db)
    if back:
        events.add(back)
    return PersonRemembered(
        person_id=actor.person,
        app=actor.app,
        new=added is not None,
        language=person.language,
        time_zone=person.time_zone,
        quiet_hours=person.quiet_hours,
        seen_at=seen_at,
    )


@router.handle
async def erase_person(command: ErasePerson, actor: Actor, db: Session) -> PersonErased:
    """Somebody unknown is erased, too: other apps may still keep something of them."""
    await hold(actor.person, db)
    await db.execute(delete(OptOut).where(OptOut.person_id == actor.person))
    granted = update(Grant).where(Grant.granted_by == actor.person)
    await db.execute(granted.values(granted_by=None))
    await db.execute(delete(Person).where(Person.id == actor.person))
    await note_forgotten(actor.person, db)
    return PersonErased(person_id=actor.person)
