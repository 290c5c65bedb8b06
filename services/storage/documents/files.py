"""What documents knows of files, as the events of files and people tell it."""

from collections.abc import Sequence

from sqlalchemy import delete, exists, update
from sqlalchemy.dialects.postgresql import insert

from bus import Asked
from bus.trace_context import current_traceparent
from contracts.files import UploadDiscarded, UploadKept, UploadLost, UploadSent
from contracts.people import PersonErased
from database import Session
from database.base import table_of
from database.documents import Document, DocumentType, File, Owner, VersionFile
from services.storage.columns import columns_of, insert_given
from services.storage.documents.registration import APP, router
from services.storage.documents.reminders import cancel_all_reminders
from services.storage.documents.trash import take_out_all
from services.storage.forgotten import sent_before_forgetting
from services.storage.names import tidy
from services.storage.schedule import Schedule

_DESCRIPTION = ("lost", "kind", "file_id", "file_name", "size", "sha256", "traceparent")
_files = table_of(File)
_described = insert_given(_files, ("upload_id", "person_id", *_DESCRIPTION))
DESCRIBED = _described.on_conflict_do_update(
    index_elements=[_files.c.upload_id],
    set_={name: _described.excluded[name] for name in _DESCRIPTION},
    # One that was described before may be known to Telegram by a newer id.
    where=_files.c.kind.is_(None) & (_files.c.person_id == _described.excluded.person_id),
)
"""What files are; made once, for making it takes longer."""


@router.handle_many(apart=lambda event, _: event.upload_id)
async def describe_file_on_upload_kept(
    asked: Sequence[Asked[UploadKept]], db: Session
) -> Sequence[None]:
    of_app = [each for each in asked if each.message.app == APP]
    left_out = await sent_before_forgetting([each.message for each in of_app], db)
    described = [
        {
            "upload_id": event.upload_id,
            "person_id": event.person_id,
            "lost": False,
            "kind": event.file.kind,
            "file_id": event.file.file_id,
            "file_name": tidy(event.file.name),
            "size": event.size,
            "sha256": event.sha256,
            "traceparent": each.context.run(current_traceparent),
        }
        for each, is_out in zip(of_app, left_out, strict=True)
        if (event := each.message) and not is_out
    ]
    if described:
        await db.execute(DESCRIBED, columns_of(described))
    return [None for _ in asked]


@router.handle
async def give_file_up_on_upload_lost(event: UploadLost, db: Session) -> None:
    if event.app != APP or any(await sent_before_forgetting([event], db)):
        return
    file = insert(File).values(upload_id=event.upload_id, person_id=event.person_id, lost=True)
    await db.execute(
        file.on_conflict_do_update(
            index_elements=[File.upload_id],
            set_={"lost": True},
            where=File.person_id == event.person_id,
        )
    )


@router.handle
async def forget_file_on_upload_discarded(event: UploadDiscarded, db: Session) -> None:
    """The row stays without its description: a form left open for days may still name it."""
    unused = ~exists().where(VersionFile.upload_id == File.upload_id)
    await db.execute(
        update(File)
        .where(File.upload_id == event.upload_id, File.person_id == event.person_id, unused)
        .values(lost=True, kind=None, file_id=None, file_name=None, size=None, sha256=None)
    )


@router.handle
async def note_file_id_on_upload_sent(event: UploadSent, db: Session) -> None:
    await db.execute(
        update(File)
        .where(File.upload_id == event.upload_id, File.person_id == event.person_id)
        .values(file_id=event.file_id)
    )


@router.handle
async def erase_on_person_erased(event: PersonErased, db: Session, schedule: Schedule) -> None:
    await take_out_all(db, schedule, event.person_id)
    await cancel_all_reminders(event.person_id, db, schedule)
    for table in (Document, DocumentType, File, Owner):
        await db.execute(delete(table).where(table.person_id == event.person_id))
