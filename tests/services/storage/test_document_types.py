"""Types are changed, documents move between them, quotas are kept."""

import asyncio
from collections import Counter

import pytest

from contracts.documents import (
    AddDocument,
    AddVersion,
    DeleteDocument,
    DeleteType,
    Document,
    DocumentAdded,
    DocumentMoved,
    DocumentRefused,
    EmptyTrash,
    GetDocument,
    GetType,
    ListTrash,
    ListTypes,
    Missing,
    MoveDocument,
    RenameType,
    TypeDeleted,
    TypeDetails,
    TypeRefused,
    TypeRenamed,
    Usage,
)
from services.quotas import Quotas
from tests.services.acting import Acting
from tests.services.storage.keeping import add_document, add_type, keep_upload

UNKNOWN = 2**62


async def test_a_type_is_renamed_in_the_version_that_was_seen(somebody: Acting) -> None:
    type_id = await add_type(somebody, "Papers")
    rename = RenameType(type_id=type_id, version=1, name="  Бумаги ", emoji="📄")

    renamed = await somebody.do(rename)
    again = await somebody.do(rename)

    assert renamed == TypeRenamed(
        person_id=somebody.person, type_id=type_id, name="Бумаги", emoji="📄"
    )
    assert isinstance(again, TypeRefused)
    assert (again.reason, again.name) == ("changed_meanwhile", "Бумаги")
    found = await somebody.ask(GetType(type_id=type_id))
    assert found == TypeDetails(
        type_id=type_id, version=2, name="Бумаги", emoji="📄", documents=0, in_trash=0
    )


async def test_a_type_takes_no_name_of_another_but_its_own_in_other_letters(
    somebody: Acting,
) -> None:
    type_id = await add_type(somebody, "Papers")
    await add_type(somebody, "Cats")

    taken = await somebody.do(RenameType(type_id=type_id, version=1, name="CATS"))
    own = await somebody.do(RenameType(type_id=type_id, version=1, name="PAPERS"))

    assert isinstance(taken, TypeRefused)
    assert (taken.reason, taken.type_id) == ("name_taken", type_id)
    assert isinstance(own, TypeRenamed)


async def test_a_type_is_deleted_once_nothing_is_under_it(somebody: Acting) -> None:
    type_id = await add_type(somebody, "Papers")
    document_id = await add_document(somebody, type_id)
    delete = DeleteType(type_id=type_id, version=1)

    full = await somebody.do(delete)
    await somebody.do(DeleteDocument(document_id=document_id, version=1))
    waiting = await somebody.do(delete)
    await somebody.do(EmptyTrash(until=(await somebody.ask(ListTrash())).newest))

    for refused, reason in ((full, "has_documents"), (waiting, "has_trash")):
        assert isinstance(refused, TypeRefused)
        assert (refused.reason, refused.documents, refused.name) == (reason, 1, "Papers")
    assert await somebody.do(delete) == TypeDeleted(
        person_id=somebody.person, type_id=type_id, name="Papers"
    )
    assert (await somebody.ask(ListTypes())).total == 0


async def test_types_unknown_or_of_somebody_else_are_not_there(
    somebody: Acting, somebody_else: Acting
) -> None:
    theirs = await add_type(somebody_else)
    for type_id in (UNKNOWN, theirs):
        assert await somebody.ask(GetType(type_id=type_id)) == Missing()
        for refused in (
            await somebody.do(RenameType(type_id=type_id, version=1, name="Mine")),
            await somebody.do(DeleteType(type_id=type_id, version=1)),
        ):
            assert isinstance(refused, TypeRefused)
            assert refused.reason == "no_such_type"


async def test_a_type_is_not_deleted_under_a_document_that_comes_to_it(somebody: Acting) -> None:
    for number in range(5):
        full = await add_type(somebody, f"Full {number}")
        empty = await add_type(somebody, f"Empty {number}")
        document_id = await add_document(somebody, full, f"Document {number}")
        moved, deleted = await asyncio.gather(
            somebody.do(MoveDocument(document_id=document_id, version=1, type_id=empty)),
            somebody.do(DeleteType(type_id=empty, version=1)),
        )
        assert isinstance(moved, DocumentMoved) != isinstance(deleted, TypeDeleted)


async def test_a_document_moves_with_its_next_version(somebody: Acting) -> None:
    inbox, archive = await add_type(somebody, "Inbox"), await add_type(somebody, "Archive")
    document_id = await add_document(somebody, inbox)
    move = MoveDocument(document_id=document_id, version=1, type_id=archive)

    moved, again = await somebody.do(move), await somebody.do(move)

    assert moved == DocumentMoved(
        person_id=somebody.person,
        document_id=document_id,
        name="Passport",
        type_id=archive,
        type_name="Archive",
    )
    assert isinstance(again, DocumentRefused)
    assert again.reason == "changed_meanwhile"
    found = await somebody.ask(GetDocument(document_id=document_id))
    assert isinstance(found, Document)
    assert (found.type_id, found.version) == (archive, 2)


async def test_a_document_stays_where_it_cannot_go(somebody: Acting, somebody_else: Acting) -> None:
    inbox, archive = await add_type(somebody, "Inbox"), await add_type(somebody, "Archive")
    document_id = await add_document(somebody, inbox, "Passport")
    await add_document(somebody, archive, "PASSPORT")
    theirs = await add_type(somebody_else)

    for type_id, reason in (
        (archive, "name_taken_there"),
        (theirs, "no_such_type"),
        (UNKNOWN, "no_such_type"),
    ):
        refused = await somebody.do(
            MoveDocument(document_id=document_id, version=1, type_id=type_id)
        )
        assert isinstance(refused, DocumentRefused)
        assert (refused.reason, refused.document_id) == (reason, document_id)
    refused = await somebody_else.do(
        MoveDocument(document_id=document_id, version=1, type_id=theirs)
    )
    assert isinstance(refused, DocumentRefused)
    assert refused.reason == "no_such_document"


async def test_documents_are_limited_even_if_added_at_once(somebody: Acting) -> None:
    somebody.quotas = Quotas(documents=3, size=2**30)
    type_id = await add_type(somebody)
    uploads = [await keep_upload(somebody) for _ in range(5)]

    outcomes = await asyncio.gather(
        *(
            somebody.do(AddDocument(upload_ids=(upload,), type_id=type_id, name=f"Name {number}"))
            for number, upload in enumerate(uploads)
        )
    )

    assert Counter(type(outcome) for outcome in outcomes) == {DocumentAdded: 3, DocumentRefused: 2}
    refused = next(outcome for outcome in outcomes if isinstance(outcome, DocumentRefused))
    assert (refused.reason, refused.used, refused.allowed) == ("too_many_documents", 3, 3)


async def test_the_trash_counts_until_it_is_emptied(somebody: Acting) -> None:
    somebody.quotas = Quotas(documents=1, size=2**30)
    type_id = await add_type(somebody)
    document_id = await add_document(somebody, type_id, "First")
    await somebody.do(DeleteDocument(document_id=document_id, version=1))
    second = AddDocument(upload_ids=(await keep_upload(somebody),), type_id=type_id, name="Second")

    assert isinstance(await somebody.do(second), DocumentRefused)
    await somebody.do(EmptyTrash(until=(await somebody.ask(ListTrash())).newest))
    assert isinstance(await somebody.do(second), DocumentAdded)


async def test_space_is_limited_versions_included(somebody: Acting) -> None:
    somebody.quotas = Quotas(documents=10, size=3000)
    type_id = await add_type(somebody)
    document_id = await add_document(somebody, type_id, "First")  # of 1234 bytes
    version = AddVersion(document_id=document_id, upload_ids=(await keep_upload(somebody),))
    await somebody.do(version)
    beyond = AddVersion(document_id=document_id, upload_ids=(await keep_upload(somebody),))
    another = AddDocument(upload_ids=beyond.upload_ids, type_id=type_id, name="Second")

    for refused in (await somebody.do(beyond), await somebody.do(another)):
        assert isinstance(refused, DocumentRefused)
        assert (refused.reason, refused.used, refused.allowed) == ("no_space", 2468, 3000)
    usage = (await somebody.ask(ListTypes())).usage
    assert usage == Usage(documents=1, documents_allowed=10, size=2468, size_allowed=3000)


@pytest.mark.parametrize("times", [1, 2])
async def test_a_file_counts_once_in_however_many_documents(somebody: Acting, times: int) -> None:
    type_id, upload_id = await add_type(somebody), await keep_upload(somebody)
    for number in range(times):
        await somebody.do(
            AddDocument(
                upload_ids=(upload_id,),
                type_id=type_id,
                name=f"Name {number}",
                allow_same_content=True,
            )
        )
    usage = (await somebody.ask(ListTypes())).usage
    assert usage is not None
    assert (usage.documents, usage.size) == (times, 1234)
