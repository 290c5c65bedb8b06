"""The clock looks after mailings: begins them, gathers recipients, finds those who got stuck.

While a mailing goes out, it goes on by what is heard of its recipients; this sees to all the rest.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import func, select, update

from bus import Actor, Events
from contracts.broadcasts import (
    ON_THEIR_WAY_LIMIT,
    ContinueMailing,
    MailingContinued,
)
from database import Session
from database.broadcasts import Mailing, MailingFile, MailingRecipient
from services.storage.broadcasts.addressing import (
    Taken,
    address,
    announce,
    ask_for_files,
    files_of,
)
from services.storage.broadcasts.ending import End, ask_another, note
from services.storage.broadcasts.gathering import begin, gather
from services.storage.broadcasts.own import continue_at, continue_now, hold, time_of
from services.storage.broadcasts.progress import settle
from services.storage.broadcasts.registration import router

LOOKED_AFTER_EVERY = timedelta(seconds=30)
STUCK_AFTER = timedelta(minutes=10)
"""How long a notice may take; twice as long after each time that it was asked for anew."""
TRIES = 3
"""How often it is asked for anew. By then, two and a half hours are over."""


@router.handle
async def continue_mailing(
    command: ContinueMailing, actor: Actor, db: Session, events: Events
) -> MailingContinued:
    """Do what there is to do; it may be nothing, since the mailing is looked at as it is now."""
    mailing = await hold(command.mailing_id, db)
    if mailing and mailing.author == actor.person:
        await _look_after(db, mailing, events)
    return MailingContinued(mailing_id=command.mailing_id)


async def _look_after(db: Session, mailing: Mailing, events: Events) -> None:
    now = await time_of(db)
    if mailing.state == "scheduled" and mailing.begins_at and mailing.begins_at <= now:
        await begin(db, mailing, "send", now)
    if mailing.state == "scheduled" and mailing.begins_at:
        await continue_at(db, mailing, mailing.begins_at)
    if mailing.state in ("draft", "scheduled"):
        return
    await _free_stuck_files(db, mailing, now)
    await _free_stuck(db, mailing, events)
    more = False
    if mailing.state == "running":
        if mailing.gathering:
            await gather(db, mailing)
        await ask_for_files(db, mailing, events)
        more = await address(db, mailing, events)
    await settle(db, mailing, events)
    await _come_again(db, mailing, now, at_once=more or mailing.gathering)


async def _come_again(db: Session, mailing: Mailing, now: datetime, *, at_once: bool) -> None:
    """Have the clock come back when there will be something to do."""
    if mailing.state == "running" and at_once:
        await continue_now(db, mailing)
    elif mailing.on_their_way:
        await continue_at(db, mailing, now + LOOKED_AFTER_EVERY)
    elif mailing.state == "running":
        due = select(func.min(MailingRecipient.due_at)).where(
            MailingRecipient.mailing_id == mailing.id,
            MailingRecipient.number == mailing.number,
            MailingRecipient.state == "waiting",
        )
        next_due = await db.scalar(due) or now
        await continue_at(db, mailing, max(next_due, now + timedelta(seconds=1)))


async def _free_stuck_files(db: Session, mailing: Mailing, now: datetime) -> None:
    """Give up those who were sent a file so long ago that nothing will be heard of it."""
    stuck = select(MailingFile.app, MailingFile.asked_of).where(
        MailingFile.mailing_id == mailing.id, MailingFile.asked_at < now - STUCK_AFTER
    )
    for app, person_id in (await db.execute(stuck)).all():
        if person_id is not None:
            await note(db, mailing, [End(person_id, mailing.number, "fate_unknown")])
        await ask_another(db, mailing, app)


async def _free_stuck(db: Session, mailing: Mailing, events: Events) -> None:
    """Address those anew of whom nothing is heard; in the end their fate stays unknown.

    Nobody is told twice by it: the notifier knows what it has told, and says so again.
    """
    asked = select(MailingFile.asked_of).where(
        MailingFile.mailing_id == mailing.id, MailingFile.asked_of.is_not(None)
    )
    patience = STUCK_AFTER * func.power(2, MailingRecipient.tries)
    stuck = (
        select(MailingRecipient)
        .where(
            MailingRecipient.mailing_id == mailing.id,
            MailingRecipient.state == "addressed",
            MailingRecipient.addressed_at < func.now() - patience,
            MailingRecipient.person_id.not_in(asked),
        )
        .order_by(MailingRecipient.person_id)
        .limit(ON_THEIR_WAY_LIMIT)
    )
    rows = (await db.scalars(stuck)).all()
    lost = [row.person_id for row in rows if row.tries >= TRIES]
    if lost:
        await note(db, mailing, [End(each, mailing.number, "fate_unknown") for each in lost])
    again = [row for row in rows if row.tries < TRIES]
    if again:
        await _address_anew(db, mailing, again, events)


async def _address_anew(
    db: Session, mailing: Mailing, rows: Sequence[MailingRecipient], events: Events
) -> None:
    these = (
        MailingRecipient.mailing_id == mailing.id,
        MailingRecipient.person_id.in_([row.person_id for row in rows]),
    )
    taken = [
        Taken(row.person_id, row.app, row.language, row.message_id, "addressed", "") for row in rows
    ]
    await db.execute(
        update(MailingRecipient)
        .where(*these)
        .values(tries=MailingRecipient.tries + 1, addressed_at=func.now())
        .execution_options(synchronize_session=False)
    )
    announce(mailing, taken, await files_of(db, mailing), events)
