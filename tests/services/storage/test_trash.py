"""The trash: what is scheduled when, what is purged, whose bytes may go."""

import pytest
from sqlalchemy import func, select, update

from contracts.base import Page
from contracts.documents import (
    TRASH_KEPT,
    AddDocument,
    DeleteDocument,
    DocumentAdded,
    DocumentPurged,
    DocumentSpared,
    EmptyTrash,
    ListTrash,
    PurgeDocument,
    RestoreDocument,
    TrashEmptied,
)
from contracts.files import UploadClaimed, UploadReleased
from contracts.people import PersonErased
from database.documents import Document
from database.files import Claim, Upload
from database.scheduled import Scheduled
from services.storage.documents import trash
from tests.services.acting import Acting
from tests.services.storage.keeping import add_document, add_type, keep_upload


async def scheduled(person: Acting, document_id: int) -> Scheduled | None:
    async with person.databases.storage() as db:
        return await db.get(Scheduled, f"documents:purge:{document_id}")


async def grow_old(person: Acting) -> None:
    """Have everything in the trash be deleted thirty days ago."""
    async with person.databases.storage.begin() as db:
        mine = update(Document).where(Document.person_id == person.person)
        await db.execute(mine.values(deleted_at=func.now() - TRASH_KEPT))


async def trashed(person: Acting, name: str = "Passport") -> int:
    """Delete a document and return its id."""
    page = await person.ask(ListTrash())
    type_id = await add_type(person, f"Type {page.total}")
    document_id = await add_document(person, type_id, name)
    await person.do(DeleteDocument(document_id=document_id, version=1))
    return document_id


async def test_a_deletion_schedules_the_purge_and_restoring_cancels_it(somebody: Acting) -> None:
    document_id = await trashed(somebody)
    row = await scheduled(somebody, document_id)
    page = await somebody.ask(ListTrash())

    assert row is not None
    assert row.command == {"type": "PurgeDocument", "document_id": document_id}
    assert page.documents[0].purged_at == row.due_at
    assert page.documents[0].name == "Passport"

    await somebody.do(RestoreDocument(document_id=document_id))
    assert await scheduled(somebody, document_id) is None
    assert (await somebody.ask(ListTrash())).total == 0


async def test_a_purge_is_final_and_happens_once(somebody: Acting) -> None:
    document_id = await trashed(somebody)
    await grow_old(somebody)
    purge, gone = PurgeDocument(document_id=document_id), (somebody.person, document_id)

    assert await somebody.do(purge) == DocumentPurged(person_id=gone[0], document_id=gone[1])
    assert await somebody.do(purge) == DocumentSpared(person_id=gone[0], document_id=gone[1])
    assert (await somebody.ask(ListTrash())).total == 0
    assert sum(isinstance(event, UploadReleased) for event in somebody.events) == 1


async def test_only_what_its_owner_left_in_the_trash_long_enough_is_purged(
    somebody: Acting, somebody_else: Acting
) -> None:
    fresh = await trashed(somebody)
    assert isinstance(await somebody.do(PurgeDocument(document_id=fresh)), DocumentSpared)
    await grow_old(somebody)
    assert isinstance(await somebody_else.do(PurgeDocument(document_id=fresh)), DocumentSpared)
    await somebody.do(RestoreDocument(document_id=fresh))
    assert isinstance(await somebody.do(PurgeDocument(document_id=fresh)), DocumentSpared)


async def test_a_file_of_another_document_stays(somebody: Acting) -> None:
    type_id, upload_id = await add_type(somebody), await keep_upload(somebody)
    ids = []
    for name in ("First", "Second"):
        added = await somebody.do(
            AddDocument(
                upload_ids=(upload_id,), type_id=type_id, name=name, allow_same_content=True
            )
        )
        assert isinstance(added, DocumentAdded)
        ids.append(added.document_id)
    await somebody.do(DeleteDocument(document_id=ids[0], version=1))
    newest = (await somebody.ask(ListTrash())).newest
    await somebody.do(EmptyTrash(until=newest))
    assert not any(isinstance(event, UploadReleased) for event in somebody.events)

    await somebody.do(DeleteDocument(document_id=ids[1], version=1))
    await somebody.do(EmptyTrash(until=(await somebody.ask(ListTrash())).newest))
    released = UploadReleased(person_id=somebody.person, app="documents", upload_id=upload_id)
    assert released in somebody.events


async def test_what_was_deleted_after_the_person_looked_stays(somebody: Acting) -> None:
    seen = await trashed(somebody)
    page = await somebody.ask(ListTrash())
    later = await trashed(somebody)

    emptied = await somebody.do(EmptyTrash(until=page.newest))

    assert emptied == TrashEmptied(person_id=somebody.person, documents=1, left=0)
    assert await scheduled(somebody, seen) is None
    left = await somebody.ask(ListTrash())
    assert [document.document_id for document in left.documents] == [later]


async def test_very_much_trash_is_emptied_in_parts(
    somebody: Acting, monkeypatch: pytest.MonkeyPatch
) -> None:
    for _ in range(3):
        await trashed(somebody)
    monkeypatch.setattr(trash, "EMPTIED_AT_ONCE", 2)
    until = (await somebody.ask(ListTrash(page=Page(limit=1)))).newest
    parts = [await somebody.do(EmptyTrash(until=until)) for _ in range(3)]
    assert [(part.documents, part.left) for part in parts] == [(2, 1), (1, 0), (0, 0)]


async def test_nobody_empties_the_trash_of_somebody_else(
    somebody: Acting, somebody_else: Acting
) -> None:
    await trashed(somebody)
    until = (await somebody.ask(ListTrash())).newest
    emptied = await somebody_else.do(EmptyTrash(until=until))
    assert emptied.documents == 0
    assert (await somebody.ask(ListTrash())).total == 1


async def test_a_released_upload_is_discarded_unless_another_app_refers_to_it(
    somebody: Acting,
) -> None:
    upload_id = await keep_upload(somebody)
    for app in ("documents", "calendar"):
        claim = UploadClaimed(person_id=somebody.person, app=app, upload_id=upload_id)
        await somebody.hear(claim)

    states = []
    for app in ("documents", "calendar"):
        release = UploadReleased(person_id=somebody.person, app=app, upload_id=upload_id)
        await somebody.hear(release)
        async with somebody.databases.storage() as db:
            claims = select(func.count()).where(Claim.upload_id == upload_id)
            state = select(Upload.state).where(Upload.id == upload_id)
            states.append((await db.scalar(claims), await db.scalar(state)))
    assert states == [(1, "kept"), (0, "discarded")]


async def test_who_is_forgotten_leaves_no_purge_behind(somebody: Acting) -> None:
    document_id = await trashed(somebody)
    await somebody.hear(PersonErased(person_id=somebody.person))
    assert await scheduled(somebody, document_id) is None
