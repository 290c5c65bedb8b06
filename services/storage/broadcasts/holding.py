"""Mailings are paused, go on, and are stopped for good."""

from bus import Actor, Events
from contracts.broadcasts import (
    CancelMailing,
    MailingCancelled,
    MailingPaused,
    MailingRefused,
    MailingResumed,
    PauseMailing,
    ResumeMailing,
)
from database import Session
from database.broadcasts import Mailing, progress_of
from services.admins import Admins
from services.storage.broadcasts.composing import release_file
from services.storage.broadcasts.own import continue_no_more, continue_now, held, time_of
from services.storage.broadcasts.progress import settle
from services.storage.broadcasts.registration import router


@router.handle
async def pause_mailing(
    command: PauseMailing, actor: Actor, db: Session, events: Events, admins: Admins
) -> MailingPaused | MailingRefused:
    mailing = await held(command.mailing_id, actor, db, admins, "running")
    if isinstance(mailing, MailingRefused):
        return mailing
    mailing.state = "paused"
    await settle(db, mailing, events, in_any_case=True)
    return MailingPaused(
        person_id=actor.person,
        mailing_id=mailing.id,
        on_their_way=mailing.on_their_way,
        left=_left(mailing),
    )


@router.handle
async def resume_mailing(
    command: ResumeMailing, actor: Actor, db: Session, events: Events, admins: Admins
) -> MailingResumed | MailingRefused:
    """Also looked after anew: what the pause was for may have been mended."""
    mailing = await held(command.mailing_id, actor, db, admins, "paused")
    if isinstance(mailing, MailingRefused):
        return mailing
    mailing.state, mailing.halted = "running", False
    mailing.progressed_at, mailing.rate = await time_of(db), 0.0
    mailing.progressed_ends = mailing.done + mailing.failed
    await continue_now(db, mailing)
    return MailingResumed(person_id=actor.person, mailing_id=mailing.id, left=_left(mailing))


@router.handle
async def cancel_mailing(
    command: CancelMailing, actor: Actor, db: Session, events: Events, admins: Admins
) -> MailingCancelled | MailingRefused:
    """An edit or a withdrawal that is cancelled leaves the mailing as it was, half done."""
    mailing = await held(command.mailing_id, actor, db, admins, "scheduled", "running", "paused")
    if isinstance(mailing, MailingRefused):
        return mailing
    if mailing.work == "send":
        begun = mailing.state != "scheduled"
        mailing.state = "cancelled"
        mailing.ended_at = await time_of(db)
        release_file(mailing, events)
    else:
        begun = True
        mailing.state = mailing.before
    mailing.gathering = False
    if begun:
        await settle(db, mailing, events, in_any_case=True)
    if not mailing.on_their_way:
        await continue_no_more(db, mailing)
    return MailingCancelled(
        person_id=actor.person,
        mailing_id=mailing.id,
        on_their_way=mailing.on_their_way,
        left=_left(mailing),
    )


def _left(mailing: Mailing) -> int:
    return progress_of(mailing, ()).left
