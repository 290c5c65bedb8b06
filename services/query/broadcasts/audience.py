"""Whom mailings reach, and who may send them."""

from sqlalchemy import Text, bindparam, func, select

from bus import Actor
from contracts.broadcasts import (
    AudienceCount,
    CountAudience,
    GetSenderRights,
    NotASender,
    PeopleOfBot,
    SenderRights,
)
from database.broadcasts import Contact, PeopleList, Sender, tried
from database.reading import Headed, Question, Reader
from services.query.broadcasts.registration import router
from services.query.broadcasts.rights import IS_SENDER, seen

RIGHTS = Headed(
    select(Sender.person_id).where(*IS_SENDER),
    select(Contact.app, func.count().label("people"))
    .where(Contact.unreachable.is_(None))
    .group_by(Contact.app),
    order=(Contact.app,),
)
"""Whoever asks, if they are a sender, and whom each bot reaches."""

_list = select(PeopleList.id).where(
    PeopleList.id == bindparam("list", type_=Text), seen(PeopleList.author)
)
LIST = Question(select(_list.exists().label("theirs")).select_from(Sender).where(*IS_SENDER))
"""Whether a list may be seen by whoever asks, if they are a sender."""


@router.handle
async def get_sender_rights(query: GetSenderRights, actor: Actor, db: Reader) -> SenderRights:
    found = await db.page(RIGHTS, person=actor.person)
    if found is None:
        return SenderRights(may_send=False)
    return SenderRights(may_send=True, bots=tuple(PeopleOfBot(**row) for row in found.rows))


@router.handle
async def count_audience(
    query: CountAudience, actor: Actor, db: Reader
) -> AudienceCount | NotASender:
    """A list of somebody else's has nobody in it, but for administrators."""
    list_id = query.audience.list_id
    sender = await db.row(LIST, person=actor.person, list=list_id)
    if sender is None:
        return NotASender()
    if list_id and not sender["theirs"]:
        return AudienceCount(people=0, bots=(), opted_out=0, unreachable=0)
    whom = tried(query.audience)
    # Audiences differ in what narrows them down, and are counted seldom.
    counted = Question(
        select(whom.c.app, whom.c.opted_out, func.count().label("people"))
        .group_by(whom.c.app, whom.c.opted_out)
        .order_by(whom.c.app)
    )
    rows = await db.rows(counted)
    reached = [row for row in rows if row["app"] is not None and not row["opted_out"]]
    return AudienceCount(
        people=sum(row["people"] for row in reached),
        bots=tuple(PeopleOfBot(app=row["app"], people=row["people"]) for row in reached),
        opted_out=sum(row["people"] for row in rows if row["app"] is not None and row["opted_out"]),
        unreachable=sum(row["people"] for row in rows if row["app"] is None),
    )
