"""Who somebody is, as far as the bots know."""

from sqlalchemy import select

from bus import Actor, Router
from contracts.people import GetPerson, Person
from database import Session
from database import people as tables

router = Router()


@router.handle
async def get_person(query: GetPerson, actor: Actor, db: Session) -> Person:
    """Somebody unknown gets what a first sight would not contradict: English, and UTC."""
    statement = (
        select(tables.Person, tables.Blocked.app)
        .outerjoin(tables.Blocked, tables.Blocked.person_id == tables.Person.id)
        .where(tables.Person.id == actor.person)
        .order_by(tables.Blocked.app)
    )
    rows = (await db.execute(statement)).all()
    if not rows:
        return Person(
            person_id=actor.person,
            known=False,
            language="en",
            time_zone="UTC",
            roles=(),
            blocked=(),
        )
    person = rows[0][0]
    return Person(
        person_id=person.id,
        known=True,
        language=person.language,
        time_zone=person.time_zone,
        roles=tuple(person.roles),
        blocked=tuple(app for _, app in rows if app),
    )
