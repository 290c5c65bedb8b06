"""What was sent is edited, or deleted again, in every chat that has it."""

from typing import Literal

import msgspec
from sqlalchemy import func, select

from bus import Actor
from contracts.broadcasts import (
    EditingStarted,
    EditMailing,
    MailingRefused,
    WithdrawalStarted,
    WithdrawMailing,
)
from database import Session
from database.broadcasts import Mailing, MailingRecipient
from services.admins import Admins
from services.storage.broadcasts.drafts import title_of, unfit_text
from services.storage.broadcasts.gathering import begin
from services.storage.broadcasts.own import content_of, held, refused, time_of
from services.storage.broadcasts.registration import router


@router.handle
async def edit_mailing(
    command: EditMailing, actor: Actor, db: Session, admins: Admins
) -> EditingStarted | MailingRefused:
    mailing = await held(command.mailing_id, actor, db, admins, "finished", "cancelled")
    if isinstance(mailing, MailingRefused):
        return mailing
    content = msgspec.structs.replace(content_of(mailing), text=command.text)
    if fault := unfit_text(content):
        return refused(actor, fault.reason, mailing, fault.limit)
    people = await _begin_again(db, mailing, actor, "edit")
    if isinstance(people, MailingRefused):
        return people
    mailing.content, mailing.title = msgspec.to_builtins(content), title_of(content)
    return EditingStarted(person_id=actor.person, mailing_id=mailing.id, people=people)


@router.handle
async def withdraw_mailing(
    command: WithdrawMailing, actor: Actor, db: Session, admins: Admins
) -> WithdrawalStarted | MailingRefused:
    """Withdrawn again, it is deleted where that failed before."""
    mailing = await held(
        command.mailing_id, actor, db, admins, "finished", "cancelled", "withdrawn"
    )
    if isinstance(mailing, MailingRefused):
        return mailing
    people = await _begin_again(db, mailing, actor, "withdraw")
    if isinstance(people, MailingRefused):
        return people
    return WithdrawalStarted(person_id=actor.person, mailing_id=mailing.id, people=people)


async def _begin_again(
    db: Session, mailing: Mailing, actor: Actor, work: Literal["edit", "withdraw"]
) -> int | MailingRefused:
    """Begin a pass over those who have the message; return how many they are."""
    if mailing.on_their_way:
        return refused(actor, "wrong_state", mailing)
    having_it = (
        MailingRecipient.mailing_id == mailing.id,
        MailingRecipient.message_id.is_not(None),
    )
    people = await db.scalar(select(func.count()).select_from(MailingRecipient).where(*having_it))
    if not people:
        return refused(actor, "nothing_sent", mailing)
    await begin(db, mailing, work, await time_of(db))
    mailing.people = people
    return people
