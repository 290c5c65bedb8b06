"""Whom mailings reach, and who may send them."""

from sqlalchemy import func, select

from bus import Actor
from contracts.broadcasts import (
    AudienceCount,
    CountAudience,
    GetSenderRights,
    NotASender,
    PeopleOfBot,
    SenderRights,
)
from database import Session
from database.broadcasts import Contact, PeopleList, tried
from services.query.broadcasts.registration import router
from services.query.broadcasts.rights import visible


@router.handle
async def get_sender_rights(query: GetSenderRights, actor: Actor, db: Session) -> SenderRights:
    if await visible(actor, db) is None:
        return SenderRights(may_send=False)
    bots = (
        select(Contact.app, func.count().label("people"))
        .where(Contact.unreachable.is_(None))
        .group_by(Contact.app)
        .order_by(Contact.app)
    )
    rows = (await db.execute(bots)).mappings()
    return SenderRights(may_send=True, bots=tuple(PeopleOfBot(**row) for row in rows))


@router.handle
async def count_audience(
    query: CountAudience, actor: Actor, db: Session
) -> AudienceCount | NotASender:
    """A list of somebody else's has nobody in it, but for administrators."""
    seen = await visible(actor, db, PeopleList.author)
    if seen is None:
        return NotASender()
    list_id = query.audience.list_id
    theirs = select(PeopleList.id).where(PeopleList.id == list_id, seen)
    if list_id and await db.scalar(theirs) is None:
        return AudienceCount(people=0, bots=(), opted_out=0, unreachable=0)
    whom = tried(query.audience)
    counted = (
        select(whom.c.app, whom.c.opted_out, func.count().label("people"))
        .group_by(whom.c.app, whom.c.opted_out)
        .order_by(whom.c.app)
    )
    rows = (await db.execute(counted)).all()
    reached = [row for row in rows if row.app is not None and not row.opted_out]
    return AudienceCount(
        people=sum(row.people for row in reached),
        bots=tuple(PeopleOfBot(app=row.app, people=row.people) for row in reached),
        opted_out=sum(row.people for row in rows if row.app is not None and row.opted_out),
        unreachable=sum(row.people for row in rows if row.app is None),
    )
