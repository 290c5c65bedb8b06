"""Pictures and files of mailings, as the events of files tell of them."""

from datetime import timedelta

from sqlalchemy import func, select, update
from sqlalchemy.dialects.postgresql import insert

from bus import NotYet
from contracts.base import PersonId
from contracts.broadcasts import MailingMedia
from contracts.files import UploadDiscarded, UploadKept, UploadLost
from database import Session
from database.broadcasts import MailingUpload
from services.storage.broadcasts.registration import APP, router
from services.storage.forgotten import sent_before_forgetting

SAVED_WITHIN = timedelta(hours=23)
"""How long a file may become part of a mailing: what nothing claims is discarded after a day."""


@router.handle
async def describe_file_on_upload_kept(event: UploadKept, db: Session) -> None:
    if event.app != APP or any(await sent_before_forgetting([event], db)):
        return
    described = {"lost": False, "kind": event.file.kind, "file_id": event.file.file_id}
    upload = insert(MailingUpload).values(
        upload_id=event.upload_id, person_id=event.person_id, **described
    )
    await db.execute(
        upload.on_conflict_do_update(
            index_elements=[MailingUpload.upload_id],
            set_=described,
            where=MailingUpload.kind.is_(None) & (MailingUpload.person_id == event.person_id),
        )
    )


@router.handle
async def give_file_up_on_upload_lost(event: UploadLost, db: Session) -> None:
    if event.app != APP or any(await sent_before_forgetting([event], db)):
        return
    upload = insert(MailingUpload).values(
        upload_id=event.upload_id, person_id=event.person_id, lost=True
    )
    await db.execute(
        upload.on_conflict_do_update(
            index_elements=[MailingUpload.upload_id],
            set_={"lost": True},
            where=MailingUpload.person_id == event.person_id,
        )
    )


@router.handle
async def give_file_up_on_upload_discarded(event: UploadDiscarded, db: Session) -> None:
    """Its id stays: Telegram has the file still, for a look at a mailing that is over."""
    this = (MailingUpload.upload_id == event.upload_id, MailingUpload.person_id == event.person_id)
    await db.execute(update(MailingUpload).where(*this).values(lost=True))


async def can_be_sent(db: Session, media: MailingMedia, author: PersonId) -> bool:
    """Tell whether a file is there still and is its author's own.

    Raises:
        NotYet: it is not known yet what became of it.
    """
    fresh = MailingUpload.known_since > func.now() - SAVED_WITHIN
    known = select(MailingUpload.person_id, MailingUpload.lost, MailingUpload.kind, fresh)
    row = (await db.execute(known.where(MailingUpload.upload_id == media.upload_id))).one_or_none()
    if row is None:
        raise NotYet(f"nothing is known of upload {media.upload_id} yet")
    person_id, lost, kind, is_fresh = row
    return person_id == author and not lost and kind == media.kind and is_fresh


async def own_file_id(db: Session, media: MailingMedia | None) -> str:
    """Return the id by which the broadcasts bot knows a file, empty for none."""
    if media is None:
        return ""
    known = select(MailingUpload.file_id).where(MailingUpload.upload_id == media.upload_id)
    return await db.scalar(known) or ""
