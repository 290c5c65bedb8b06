"""Who may send mailings: administrators, and who was granted the role."""

from datetime import datetime

from sqlalchemy import delete, select, update
from sqlalchemy.dialects.postgresql import insert

from bus import Actor
from contracts.base import PersonId
from contracts.people import RoleGranted, RoleRevoked
from database import Session
from database.broadcasts import Sender
from services.admins import Admins
from services.storage.broadcasts.registration import router
from services.storage.forgotten import forgotten_since
from services.storage.newer import is_news

ROLE = "broadcaster"


@router.handle
async def admit_on_role_granted(event: RoleGranted, db: Session) -> None:
    if event.role == ROLE:
        await _note_grant(event.person_id, db, granted=True, changed_at=event.changed_at)


@router.handle
async def dismiss_on_role_revoked(event: RoleRevoked, db: Session) -> None:
    """What they have started goes on: administrators can stop it."""
    if event.role == ROLE:
        await _note_grant(event.person_id, db, granted=False, changed_at=event.changed_at)


async def note_administrator(db: Session, person_id: PersonId, admins: Admins) -> None:
    """Have queries know what the settings say: they are told to storage only."""
    if person_id in admins.ids:
        sender = insert(Sender).values(person_id=person_id, admin=True)
        await db.execute(
            sender.on_conflict_do_update(index_elements=[Sender.person_id], set_={"admin": True})
        )
        return
    this = (Sender.person_id == person_id, Sender.admin)
    await db.execute(update(Sender).where(*this).values(admin=False))
    never_granted = (~Sender.granted, Sender.changed_at.is_(None))
    idle = (Sender.person_id == person_id, ~Sender.admin, *never_granted)
    await db.execute(delete(Sender).where(*idle))


async def may_send(actor: Actor, db: Session, admins: Admins) -> bool:
    """Tell whether the acting person may send mailings."""
    if actor.person in admins.ids:
        return True
    granted = select(Sender.granted).where(Sender.person_id == actor.person)
    return bool(await db.scalar(granted))


async def _note_grant(
    person_id: PersonId, db: Session, *, granted: bool, changed_at: datetime | None
) -> None:
    """Note it unless something newer is known."""
    if await forgotten_since(person_id, changed_at, db):
        return
    noted = {"granted": granted, "changed_at": changed_at}
    sender = insert(Sender).values(person_id=person_id, **noted)
    await db.execute(
        sender.on_conflict_do_update(
            index_elements=[Sender.person_id],
            set_=noted,
            where=is_news(Sender.changed_at, changed_at),
        )
    )
