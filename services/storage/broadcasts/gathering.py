"""A pass begins, and its recipients get their rows, so many at a time."""

from datetime import datetime

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    DateTime,
    delete,
    func,
    literal,
    select,
    update,
)
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.sql.dml import ReturningInsert, ReturningUpdate

from contracts.broadcasts import Work
from database import Session
from database.broadcasts import (
    Contact,
    Mailing,
    MailingFile,
    MailingRecipient,
    PeopleList,
    Reader,
    chosen,
)
from services.storage.broadcasts.drafts import local_moment
from services.storage.broadcasts.lists import is_used
from services.storage.broadcasts.own import audience_of, content_of, continue_now, timing_of
from services.storage.broadcasts.registration import APP
from services.storage.broadcasts.uploads import own_file_id

GATHERED_AT_ONCE = 10_000
"""Rows of one statement."""


async def begin(db: Session, mailing: Mailing, work: Work, now: datetime) -> None:
    """Begin a pass: from the next look of the clock on, recipients are gathered and addressed."""
    if work == "send":
        mailing.started_at = now
        if media := content_of(mailing).media:
            own = {"app": APP, "file_id": await own_file_id(db, media)}
            await db.execute(insert(MailingFile).values(mailing_id=mailing.id, **own))
    else:
        mailing.number += 1
        mailing.before = mailing.state
    mailing.work, mailing.state = work, "running"
    mailing.gathering, mailing.gathered_to = True, 0
    mailing.waiting = mailing.on_their_way = mailing.done = mailing.failed = 0
    mailing.progressed_at, mailing.progressed_ends, mailing.rate = now, 0, 0.0
    mailing.halted = False
    await continue_now(db, mailing)


async def gather(db: Session, mailing: Mailing) -> None:
    """Give further recipients their rows, in the order of their ids."""
    gathered = _new_rows(mailing) if mailing.work == "send" else _rows_again(mailing)
    rows = gathered.cte("gathered")
    found = select(func.count(), func.max(rows.c.person_id)).select_from(rows)
    count, last = (await db.execute(found)).one()
    mailing.waiting += count
    mailing.gathered_to = last or mailing.gathered_to
    if count == GATHERED_AT_ONCE:
        return
    mailing.gathering = False
    mailing.people = mailing.waiting + mailing.on_their_way + mailing.done + mailing.failed
    list_id = audience_of(mailing).list_id
    await db.flush()
    if list_id and not await is_used(list_id, db):
        await db.execute(delete(PeopleList).where(PeopleList.id == list_id))


def _new_rows(mailing: Mailing) -> ReturningInsert[int]:
    audience, timing = audience_of(mailing), timing_of(mailing)
    some = (
        chosen(audience)
        .where(Contact.person_id > mailing.gathered_to)
        .limit(GATHERED_AT_ONCE)
        .subquery()
    )
    due: ColumnElement[datetime] = func.now()
    if timing.local is not None:
        clock = literal(local_moment(timing.local).replace(tzinfo=None), DateTime())
        due = func.greatest(func.timezone(Reader.time_zone, clock), due)
    if timing.respect_quiet_hours:
        due = func.broadcast_due(due, Reader.time_zone, Reader.quiet_begins, Reader.quiet_ends)
    rows = select(
        literal(mailing.id, BigInteger), some.c.person_id, some.c.app, Reader.language, due
    ).join(Reader, Reader.person_id == some.c.person_id)
    columns = ["mailing_id", "person_id", "app", "language", "due_at"]
    inserted = insert(MailingRecipient).from_select(columns, rows)
    return inserted.returning(MailingRecipient.person_id)


def _rows_again(mailing: Mailing) -> ReturningUpdate[int]:
    """Rows of those who have the message."""
    having_it = (
        MailingRecipient.mailing_id == mailing.id,
        MailingRecipient.message_id.is_not(None),
    )
    some = (
        select(MailingRecipient.person_id)
        .where(*having_it, MailingRecipient.person_id > mailing.gathered_to)
        .order_by(MailingRecipient.person_id)
        .limit(GATHERED_AT_ONCE)
    )
    again = {"state": "waiting", "number": mailing.number, "due_at": func.now()}
    return (
        update(MailingRecipient)
        .where(MailingRecipient.mailing_id == mailing.id, MailingRecipient.person_id.in_(some))
        .values(**again, tries=0, changed="")
        .returning(MailingRecipient.person_id)
        .execution_options(synchronize_session=False)
    )
