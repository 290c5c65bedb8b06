"""Mailings are started, now or when it is time, by people and by programs."""

from bus import Actor, Events
from contracts.broadcasts import (
    MailingRefused,
    MailingScheduled,
    MailingStarted,
    RequestMailing,
    StartMailing,
)
from database import Session
from database.broadcasts import Mailing
from services.admins import Admins
from services.storage.broadcasts.composing import new_mailing
from services.storage.broadcasts.drafts import Draft, begins_at, has_passed, people_of
from services.storage.broadcasts.gathering import begin
from services.storage.broadcasts.own import (
    audience_of,
    continue_at,
    held,
    refused,
    time_of,
    timing_of,
)
from services.storage.broadcasts.registration import router
from services.storage.broadcasts.senders import may_send

Started = MailingStarted | MailingScheduled | MailingRefused


@router.handle
async def start_mailing(
    command: StartMailing, actor: Actor, db: Session, admins: Admins
) -> MailingStarted | MailingScheduled | MailingRefused:
    mailing = await held(command.mailing_id, actor, db, admins, "draft", "scheduled")
    if isinstance(mailing, MailingRefused):
        return mailing
    if mailing.version != command.version:
        return refused(actor, "changed_meanwhile", mailing)
    mailing.people = await people_of(audience_of(mailing), db)
    return await _start(db, mailing, actor, at_once=mailing.state == "scheduled")


@router.handle
async def request_mailing(
    command: RequestMailing, actor: Actor, db: Session, events: Events, admins: Admins
) -> MailingStarted | MailingScheduled | MailingRefused:
    """All or nothing: what cannot be started is not created either.

    Raises:
        NotYet: it is not known yet what became of its file.
    """
    if not await may_send(actor, db, admins):
        return refused(actor, "not_permitted")
    if has_passed(command.timing, await time_of(db)):
        return refused(actor, "time_passed")
    draft = Draft(command.content, command.audience, command.timing)
    mailing = await new_mailing(draft, actor, db, events)
    if isinstance(mailing, MailingRefused):
        return mailing
    started = await _start(db, mailing, actor, at_once=False)
    if isinstance(started, MailingRefused):
        await db.delete(mailing)
        events.added.clear()
        return refused(actor, started.reason)
    return started


async def _start(db: Session, mailing: Mailing, actor: Actor, *, at_once: bool) -> Started:
    now = await time_of(db)
    timing = timing_of(mailing)
    if has_passed(timing, now):
        return refused(actor, "time_passed", mailing)
    if not mailing.people:
        return refused(actor, "nobody", mailing)
    mailing.begins_at = begins_at(timing, now)
    if mailing.begins_at > now and not at_once:
        mailing.state = "scheduled"
        await continue_at(db, mailing, mailing.begins_at)
        return MailingScheduled(
            person_id=actor.person,
            mailing_id=mailing.id,
            begins_at=mailing.begins_at,
            people=mailing.people,
        )
    await begin(db, mailing, "send", now)
    return MailingStarted(person_id=actor.person, mailing_id=mailing.id, people=mailing.people)
