"""Drafts of mailings are made, changed, shown to who looks at them, and deleted."""

import msgspec
from sqlalchemy import select

from bus import Actor, Events
from contracts.base import Language
from contracts.broadcasts import (
    ChangeMailing,
    CreateMailing,
    DeleteMailing,
    MailingChanged,
    MailingCreated,
    MailingDeleted,
    MailingPreviewed,
    MailingRefused,
    MailingState,
    PreviewMailing,
)
from contracts.files import UploadClaimed, UploadReleased
from database import Session
from database.broadcasts import Mailing, Reader
from services.admins import Admins
from services.storage.broadcasts.drafts import (
    Draft,
    begins_at,
    has_passed,
    people_of,
    title_of,
    unfit,
)
from services.storage.broadcasts.own import (
    audience_of,
    content_of,
    continue_at,
    held,
    refused,
    time_of,
    timing_of,
)
from services.storage.broadcasts.registration import APP, router
from services.storage.broadcasts.senders import may_send
from services.storage.broadcasts.uploads import own_file_id

ALL_STATES: tuple[MailingState, ...] = (
    "draft",
    "scheduled",
    "running",
    "paused",
    "cancelled",
    "finished",
    "withdrawn",
)


@router.handle
async def create_mailing(
    command: CreateMailing, actor: Actor, db: Session, events: Events, admins: Admins
) -> MailingCreated | MailingRefused:
    """Not before the bytes of its file are kept.

    Raises:
        NotYet: it is not known yet what became of the file.
    """
    if not await may_send(actor, db, admins):
        return refused(actor, "not_permitted")
    draft = Draft(command.content, command.audience, command.timing)
    mailing = await new_mailing(draft, actor, db, events)
    if isinstance(mailing, MailingRefused):
        return mailing
    return MailingCreated(
        person_id=actor.person,
        mailing_id=mailing.id,
        version=mailing.version,
        people=mailing.people,
    )


@router.handle
async def change_mailing(
    command: ChangeMailing, actor: Actor, db: Session, events: Events, admins: Admins
) -> MailingChanged | MailingRefused:
    """Raises: NotYet, as where one is created."""
    mailing = await held(command.mailing_id, actor, db, admins, "draft", "scheduled")
    if isinstance(mailing, MailingRefused):
        return mailing
    if mailing.version != command.version:
        return refused(actor, "changed_meanwhile", mailing)
    draft = Draft(
        command.content or content_of(mailing),
        command.audience or audience_of(mailing),
        command.timing or timing_of(mailing),
    )
    if command.content or command.audience:
        claimed = content_of(mailing).media
        fault = await unfit(draft, mailing.author, db, claimed.upload_id if claimed else None)
        if fault:
            return refused(actor, fault.reason, mailing, fault.limit)
    if mailing.state == "scheduled":
        now = await time_of(db)
        if has_passed(draft.timing, now):
            return refused(actor, "time_passed", mailing)
        mailing.begins_at = begins_at(draft.timing, now)
        await continue_at(db, mailing, mailing.begins_at)
    await _change(mailing, draft, db, events)
    return MailingChanged(
        person_id=actor.person,
        mailing_id=mailing.id,
        version=mailing.version,
        state=mailing.state,
        people=mailing.people,
    )


@router.handle
async def preview_mailing(
    command: PreviewMailing, actor: Actor, db: Session, admins: Admins
) -> MailingPreviewed | MailingRefused:
    mailing = await held(command.mailing_id, actor, db, admins, *ALL_STATES)
    if isinstance(mailing, MailingRefused):
        return mailing
    content = content_of(mailing)
    return MailingPreviewed(
        person_id=actor.person,
        mailing_id=mailing.id,
        content=content,
        category=audience_of(mailing).category,
        language=await language_of(actor.person, db),
        file_id=await own_file_id(db, content.media),
    )


@router.handle
async def delete_mailing(
    command: DeleteMailing, actor: Actor, db: Session, events: Events, admins: Admins
) -> MailingDeleted | MailingRefused:
    mailing = await held(command.mailing_id, actor, db, admins, "draft")
    if isinstance(mailing, MailingRefused):
        return mailing
    release_file(mailing, events)
    await db.delete(mailing)
    return MailingDeleted(person_id=actor.person, mailing_id=command.mailing_id)


async def new_mailing(
    draft: Draft, actor: Actor, db: Session, events: Events
) -> Mailing | MailingRefused:
    """Make a draft of the acting person's, with its audience counted.

    Raises:
        NotYet: it is not known yet what became of its file.
    """
    fault = await unfit(draft, actor.person, db)
    if fault:
        return refused(actor, fault.reason, limit=fault.limit)
    mailing = Mailing(
        author=actor.person,
        title=title_of(draft.content),
        content=msgspec.to_builtins(draft.content),
        audience=msgspec.to_builtins(draft.audience),
        timing=msgspec.to_builtins(draft.timing),
        people=await people_of(draft.audience, db),
    )
    db.add(mailing)
    await db.flush()
    await db.refresh(mailing)
    claim_file(mailing, events)
    return mailing


async def language_of(person_id: int, db: Session) -> Language:
    """Return the language that a person has chosen; of somebody unknown English."""
    known = select(Reader.language).where(Reader.person_id == person_id)
    return await db.scalar(known) or "en"


def claim_file(mailing: Mailing, events: Events) -> None:
    """Have the bytes of a mailing's file stay."""
    if media := content_of(mailing).media:
        claimed = UploadClaimed(person_id=mailing.author, app=APP, upload_id=media.upload_id)
        events.add(claimed)


def release_file(mailing: Mailing, events: Events) -> None:
    """Have the bytes of a mailing's file go: Telegram has it, or nobody ever gets it."""
    if media := content_of(mailing).media:
        released = UploadReleased(person_id=mailing.author, app=APP, upload_id=media.upload_id)
        events.add(released)


async def _change(mailing: Mailing, draft: Draft, db: Session, events: Events) -> None:
    if draft.content.media != content_of(mailing).media:
        release_file(mailing, events)
        mailing.content = msgspec.to_builtins(draft.content)
        claim_file(mailing, events)
    mailing.title = title_of(draft.content)
    mailing.content = msgspec.to_builtins(draft.content)
    mailing.audience = msgspec.to_builtins(draft.audience)
    mailing.timing = msgspec.to_builtins(draft.timing)
    mailing.people = await people_of(draft.audience, db)
    mailing.version += 1
