"""Who is forgotten is so in mailings, too; what they were counted in stays counted."""

from collections import Counter

from sqlalchemy import delete, select

from bus import Events
from contracts.broadcasts import RecipientResult
from contracts.people import PersonErased
from database import Session
from database.broadcasts import (
    Contact,
    ListedPerson,
    Mailing,
    MailingRecipient,
    MailingUpload,
    PeopleList,
    Reader,
    Sender,
)
from services.storage.broadcasts.ending import go_on
from services.storage.broadcasts.own import continue_no_more, hold
from services.storage.broadcasts.progress import Kind, count
from services.storage.broadcasts.registration import router


@router.handle
async def erase_on_person_erased(event: PersonErased, db: Session, events: Events) -> None:
    """Their own mailings go, too, with all recipients; what is on its way then is told still."""
    person_id = event.person_id
    own = select(Mailing).where(Mailing.author == person_id).order_by(Mailing.id)
    for mailing in (await db.scalars(own.with_for_update())).all():
        await continue_no_more(db, mailing)
        await db.delete(mailing)
    await db.flush()
    for table in (Contact, ListedPerson, Sender, MailingUpload, Reader):
        await db.execute(delete(table).where(table.person_id == person_id))
    await db.execute(delete(PeopleList).where(PeopleList.author == person_id))
    received = select(MailingRecipient.mailing_id).where(MailingRecipient.person_id == person_id)
    for mailing_id in sorted(await db.scalars(received)):
        if going := await hold(mailing_id, db):
            await _leave(db, going, person_id, events)


async def _leave(db: Session, mailing: Mailing, person_id: int, events: Events) -> None:
    """Take somebody out of a mailing that may be going on; the caller holds it."""
    this = (MailingRecipient.mailing_id == mailing.id, MailingRecipient.person_id == person_id)
    row = await db.scalar(select(MailingRecipient).where(*this))
    if row is None:
        return
    kept = row.state, row.number, row.app, row.language
    await db.delete(row)
    state, number, app, language = kept
    if state == "ended" or number != mailing.number:
        return
    result: RecipientResult = "unreachable" if state == "waiting" else "fate_unknown"
    if state == "waiting":
        mailing.waiting -= 1
    else:
        mailing.on_their_way -= 1
    await count(db, mailing, Counter({Kind(app, language, result): 1}))
    if mailing.state in ("running", "paused"):
        await go_on(db, mailing, events)
