"""A mailing as a sender may change it: their own, an administrator any; held meanwhile."""

from datetime import datetime, timedelta

import msgspec
from sqlalchemy import func, select

from bus import Actor
from contracts.broadcasts import (
    Audience,
    Content,
    ContinueMailing,
    MailingId,
    MailingRefusal,
    MailingRefused,
    MailingState,
    Timing,
)
from database import Session
from database.broadcasts import Mailing
from services.admins import Admins
from services.storage.broadcasts.registration import APP
from services.storage.broadcasts.senders import may_send
from services.storage.schedule import Schedule


def refused(
    actor: Actor, reason: MailingRefusal, mailing: Mailing | None = None, limit: int = 0
) -> MailingRefused:
    """Return why a mailing stays as it is."""
    return MailingRefused(
        person_id=actor.person,
        reason=reason,
        mailing_id=mailing.id if mailing else 0,
        state=mailing.state if mailing else None,
        limit=limit,
    )


async def held(
    mailing_id: MailingId, actor: Actor, db: Session, admins: Admins, *states: MailingState
) -> Mailing | MailingRefused:
    """Hold a mailing that the acting person may change, if it is in one of these states."""
    if not await may_send(actor, db, admins):
        return refused(actor, "not_permitted")
    mailing = await hold(mailing_id, db)
    if mailing is None or not (mailing.author == actor.person or actor.person in admins.ids):
        return refused(actor, "no_such_mailing")
    if mailing.state not in states:
        return refused(actor, "wrong_state", mailing)
    return mailing


async def hold(mailing_id: MailingId, db: Session) -> Mailing | None:
    """Hold a mailing until the transaction ends: whoever changes it or its recipients waits."""
    return await db.scalar(select(Mailing).where(Mailing.id == mailing_id).with_for_update())


async def time_of(db: Session) -> datetime:
    """Return the time by PostgreSQL's clock, also after waiting for a row."""
    now: datetime = (await db.execute(select(func.clock_timestamp()))).scalar_one()
    return now


def content_of(mailing: Mailing) -> Content:
    """Return what a mailing says."""
    return msgspec.convert(mailing.content, Content)


def audience_of(mailing: Mailing) -> Audience:
    """Return to whom a mailing goes."""
    return msgspec.convert(mailing.audience, Audience)


def timing_of(mailing: Mailing) -> Timing:
    """Return when a mailing goes out."""
    return msgspec.convert(mailing.timing, Timing)


async def continue_at(db: Session, mailing: Mailing, moment: datetime) -> None:
    """Have the clock look after a mailing at a moment, acting for its author."""
    # The author's files are sent: whoever started, resumed or was told of it has no part in that.
    schedule = Schedule(db, Actor(mailing.author, APP))
    await schedule(_continuing(mailing.id), moment, ContinueMailing(mailing_id=mailing.id))


async def continue_now(db: Session, mailing: Mailing) -> None:
    """Have the clock look after a mailing as soon as it can."""
    await continue_at(db, mailing, await time_of(db) - timedelta(seconds=1))


async def continue_no_more(db: Session, mailing: Mailing) -> None:
    """Have the clock leave a mailing alone."""
    await Schedule(db, None).cancel(_continuing(mailing.id))


def _continuing(mailing_id: MailingId) -> str:
    return f"broadcasts:continue:{mailing_id}"
