"""Lists of people that are pasted or uploaded, for as long as a mailing needs them."""

from datetime import timedelta

from sqlalchemy import BigInteger, Text, cast, delete, exists, func, select
from sqlalchemy.dialects.postgresql import ARRAY, insert

from bus import Actor
from contracts.base import PersonId
from contracts.broadcasts import (
    AddRecipients,
    DiscardList,
    ListDiscarded,
    ListId,
    MailingRefused,
    RecipientsAdded,
)
from database import Session
from database.broadcasts import Contact, ListedPerson, Mailing, PeopleList
from services.admins import Admins
from services.storage.broadcasts.own import refused, time_of
from services.storage.broadcasts.registration import router
from services.storage.broadcasts.senders import may_send
from services.storage.schedule import Schedule

KEPT = timedelta(days=1)
"""How long a list is kept that no mailing uses."""


@router.handle
async def add_recipients(
    command: AddRecipients, actor: Actor, db: Session, schedule: Schedule, admins: Admins
) -> RecipientsAdded | MailingRefused:
    if not await may_send(actor, db, admins):
        return refused(actor, "not_permitted")
    if not await _begin(command.list_id, actor, db, schedule):
        return refused(actor, "no_such_list")
    people = set(command.people)
    known = await _known(people, command.apps, db)
    rows = select(cast(command.list_id, Text), func.unnest(cast(sorted(known), ARRAY(BigInteger))))
    added = (
        insert(ListedPerson)
        .from_select(["list_id", "person_id"], rows)
        .on_conflict_do_nothing()
        .returning(ListedPerson.person_id)
    )
    new = len((await db.execute(added)).all())
    total = select(func.count()).where(ListedPerson.list_id == command.list_id)
    return RecipientsAdded(
        person_id=actor.person,
        list_id=command.list_id,
        added=new,
        doubles=len(command.people) - len(people) + len(known) - new,
        unknown=tuple(sorted(people - known)),
        total=await db.scalar(total) or 0,
    )


@router.handle
async def discard_list(
    command: DiscardList, actor: Actor, db: Session, schedule: Schedule
) -> ListDiscarded:
    """One that a draft uses is looked at again a day later."""
    own = (PeopleList.id == command.list_id, PeopleList.author == actor.person)
    there = await db.scalar(select(PeopleList.id).where(*own).with_for_update())
    used = bool(there) and await is_used(command.list_id, db)
    if used:
        again = await time_of(db) + KEPT
        await schedule(_discarding(command.list_id), again, command)
    else:
        await db.execute(delete(PeopleList).where(*own))
    return ListDiscarded(person_id=actor.person, list_id=command.list_id, discarded=not used)


async def is_used(list_id: ListId, db: Session) -> bool:
    """Tell whether a mailing will need a list, or is going through it."""
    needed = Mailing.state.in_(("draft", "scheduled")) | Mailing.gathering
    uses = exists().where(Mailing.audience["list_id"].astext == list_id, needed)
    return bool(await db.scalar(select(uses)))


async def _begin(list_id: ListId, actor: Actor, db: Session, schedule: Schedule) -> bool:
    """Begin a list unless it is there; tell whether it is the acting person's."""
    begun = insert(PeopleList).values(id=list_id, author=actor.person)
    new = await db.scalar(begun.on_conflict_do_nothing().returning(PeopleList.id))
    if new is not None:
        later = await time_of(db) + KEPT
        await schedule(_discarding(list_id), later, DiscardList(list_id=list_id))
        return True
    author = select(PeopleList.author).where(PeopleList.id == list_id).with_for_update()
    return await db.scalar(author) == actor.person


async def _known(people: set[PersonId], apps: tuple[str, ...], db: Session) -> set[PersonId]:
    known = select(Contact.person_id).where(Contact.person_id.in_(people))
    if apps:
        known = known.where(Contact.app.in_(apps))
    return set(await db.scalars(known))


def _discarding(list_id: ListId) -> str:
    return f"broadcasts:list:{list_id}"
