"""What became of each upload, and the end of those that nothing refers to."""

from collections.abc import Sequence
from datetime import timedelta

from sqlalchemy import ColumnElement, delete, exists, select, update
from sqlalchemy.dialects.postgresql import insert

from bus import Actor, Asked
from contracts.base import PersonId
from contracts.files import (
    DiscardUpload,
    UploadClaimed,
    UploadDiscarded,
    UploadHidden,
    UploadId,
    UploadInUse,
    UploadKept,
    UploadLost,
    UploadReleased,
    UploadSent,
    UploadShown,
)
from contracts.people import PersonErased
from database import Session
from database.files import Claim, Link, Upload
from services.storage.columns import columns_of
from services.storage.files import statements
from services.storage.files.forgetting import forget_links
from services.storage.files.registration import router
from services.storage.forgotten import sent_before_forgetting
from services.storage.schedule import Schedule, ToCome

DISCARDED_AFTER = timedelta(hours=24)
"""How long an upload is kept that nothing refers to."""


@router.handle
async def discard_upload(
    command: DiscardUpload, actor: Actor, db: Session
) -> UploadDiscarded | UploadInUse:
    """An upload that is unknown, or somebody else's, is left alone as if it were in use."""
    app = await _discard(db, command.upload_id, actor.person)
    if app is None:
        return UploadInUse(person_id=actor.person, upload_id=command.upload_id)
    return UploadDiscarded(person_id=actor.person, app=app, upload_id=command.upload_id)


@router.handle_many(apart=lambda event, _: event.upload_id)
async def record_on_upload_kept(
    asked: Sequence[Asked[UploadKept]], db: Session, schedule: Schedule
) -> Sequence[UploadDiscarded | None]:
    """Of somebody forgotten meanwhile nothing is recorded, and the bytes may go at once."""
    left_out = await sent_before_forgetting([each.message for each in asked], db)
    judged = list(zip(asked, left_out, strict=True))
    await _record([each for each, is_out in judged if not is_out], db, schedule)
    return [_never_recorded(each.message) if is_out else None for each, is_out in judged]


@router.handle
async def record_on_upload_lost(event: UploadLost, db: Session) -> None:
    if any(await sent_before_forgetting([event], db)):
        return
    lost = {"state": "lost", "lost_reason": event.reason}
    statement = insert(Upload).values(
        id=event.upload_id, person_id=event.person_id, app=event.app, **lost
    )
    await db.execute(
        statement.on_conflict_do_update(
            index_elements=[Upload.id],
            set_=lost,
            where=(Upload.state == "kept") & (Upload.person_id == event.person_id),
        )
    )


@router.handle
async def record_on_upload_sent(event: UploadSent, db: Session) -> None:
    """The id by which another bot knows it is of no use to its own; older events name no bot."""
    own = (Upload.id == event.upload_id, Upload.person_id == event.person_id)
    await db.execute(
        update(Upload)
        .where(*own, (Upload.app == event.app) | (not event.app))
        .values(file_id=event.file_id)
    )


@router.handle_many(apart=lambda event, _: event.upload_id)
async def keep_on_upload_claimed(
    asked: Sequence[Asked[UploadClaimed]], db: Session, schedule: Schedule
) -> Sequence[None]:
    """The claim may come before the upload is recorded; then it is found when discarding."""
    events = [each.message for each in asked]
    claims = [
        {"upload_id": event.upload_id, "app": event.app, "person_id": event.person_id}
        for event in events
    ]
    await db.execute(statements.CLAIMED, columns_of(claims))
    await schedule.cancel(*(_discarding(event.upload_id) for event in events))
    return [None for _ in asked]


@router.handle
async def discard_on_upload_released(event: UploadReleased, db: Session) -> UploadDiscarded | None:
    """Its bytes stay for as long as another app refers to it."""
    this = (Claim.upload_id == event.upload_id, Claim.person_id == event.person_id)
    await db.execute(delete(Claim).where(*this, Claim.app == event.app))
    app = await _discard(db, event.upload_id, event.person_id)
    if app is None:
        return None
    return UploadDiscarded(person_id=event.person_id, app=app, upload_id=event.upload_id)


@router.handle
async def pause_links_on_upload_hidden(event: UploadHidden, db: Session) -> None:
    await _note_visibility(event, db)


@router.handle
async def resume_links_on_upload_shown(event: UploadShown, db: Session) -> None:
    await _note_visibility(event, db)


@router.handle
async def erase_on_person_erased(event: PersonErased, db: Session, schedule: Schedule) -> None:
    """Rows only: the bytes are erased by the service that keeps them."""
    unclaimed = select(Upload.id).where(Upload.person_id == event.person_id, ~_claimed())
    for upload_id in await db.scalars(unclaimed):
        await schedule.cancel(_discarding(upload_id))
    for table in (Link, Claim, Upload):
        await db.execute(delete(table).where(table.person_id == event.person_id))


async def _record(asked: Sequence[Asked[UploadKept]], db: Session, schedule: Schedule) -> None:
    if not asked:
        return
    kept = [
        {
            "id": event.upload_id,
            "person_id": event.person_id,
            "app": event.app,
            "kind": event.file.kind,
            "file_id": event.file.file_id,
            "file_name": event.file.name,
            "mime_type": event.file.mime_type,
            "size": event.size,
            "sha256": event.sha256,
        }
        for event in (each.message for each in asked)
    ]
    rows = await db.execute(statements.KEPT, columns_of(kept))
    kept_at = {row.id: row.kept_at for row in rows}
    await schedule.all(
        ToCome(
            _discarding(each.message.upload_id),
            kept_at[each.message.upload_id] + DISCARDED_AFTER,
            DiscardUpload(upload_id=each.message.upload_id),
            each,
        )
        for each in asked
        if each.message.upload_id in kept_at
    )


def _never_recorded(event: UploadKept) -> UploadDiscarded:
    return UploadDiscarded(person_id=event.person_id, app=event.app, upload_id=event.upload_id)


async def _note_visibility(event: UploadHidden | UploadShown, db: Session) -> None:
    """Note the newest change; like a claim, it may come before the upload, and it is one."""
    noted = {"hidden": isinstance(event, UploadHidden), "version": event.version}
    claim = insert(Claim).values(
        upload_id=event.upload_id, app=event.app, person_id=event.person_id, **noted
    )
    await db.execute(
        claim.on_conflict_do_update(
            index_elements=[Claim.upload_id, Claim.app],
            set_=noted,
            where=(Claim.version < event.version) & (Claim.person_id == event.person_id),
        )
    )


async def _discard(db: Session, upload_id: UploadId, person_id: PersonId) -> str | None:
    """Give up an own upload that nothing refers to; return the app it was sent to."""
    discarded = (
        update(Upload)
        .where(Upload.id == upload_id, Upload.person_id == person_id, ~_claimed())
        .values(state="discarded", lost_reason=None)
        .returning(Upload.app)
    )
    app = await db.scalar(discarded)
    if app is not None:
        await forget_links(db, upload_id, person_id)
    return app


def _claimed() -> ColumnElement[bool]:
    return exists().where(Claim.upload_id == Upload.id, Claim.person_id == Upload.person_id)


def _discarding(upload_id: UploadId) -> str:
    return f"discard:{upload_id}"
