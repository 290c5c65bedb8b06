"""Documents renamed, deleted, restored and erased, on a real PostgreSQL."""

import asyncio

from sqlalchemy import select

from contracts.documents import (
    DeleteDocument,
    DocumentDeleted,
    DocumentRefused,
    DocumentRenamed,
    DocumentRestored,
    InTheWay,
    ListDocuments,
    RenameDocument,
    RestoreDocument,
)
from contracts.people import PersonErased
from database.documents import Document, DocumentType, File
from tests.services.acting import Acting
from tests.services.storage.keeping import (
    add_document,
    add_type,
)
from tests.services.storage.test_documents import UNKNOWN


async def test_a_document_is_renamed_in_the_version_that_was_seen(somebody: Acting) -> None:
    document_id = await add_document(somebody, await add_type(somebody), "Паспорт")

    renamed = await somebody.do(
        RenameDocument(document_id=document_id, version=1, name=" ПАСПОРТ ")
    )
    stale = await somebody.do(RenameDocument(document_id=document_id, version=1, name="Other"))

    assert renamed == DocumentRenamed(
        person_id=somebody.person, document_id=document_id, name="ПАСПОРТ"
    )
    assert isinstance(stale, DocumentRefused)
    assert (stale.reason, stale.name) == ("changed_meanwhile", "ПАСПОРТ")


async def test_a_document_is_renamed_once_by_two_at_once(somebody: Acting) -> None:
    document_id = await add_document(somebody, await add_type(somebody))
    commands = [
        RenameDocument(document_id=document_id, version=1, name=name) for name in ("One", "Two")
    ]

    outcomes = await asyncio.gather(*(somebody.do(command) for command in commands))

    assert {type(outcome) for outcome in outcomes} == {DocumentRenamed, DocumentRefused}


async def test_a_document_is_not_renamed_to_a_taken_name(somebody: Acting) -> None:
    type_id = await add_type(somebody)
    await add_document(somebody, type_id, "Виза")
    document_id = await add_document(somebody, type_id, "Паспорт")

    outcome = await somebody.do(RenameDocument(document_id=document_id, version=1, name="ВИЗА"))

    assert outcome == DocumentRefused(
        person_id=somebody.person,
        reason="name_taken",
        name="ВИЗА",
        type_name="Passports",
        document_id=document_id,
    )
    assert isinstance(
        await somebody.do(RenameDocument(document_id=document_id, version=1, name="Free")),
        DocumentRenamed,
    )


async def test_a_deleted_document_frees_its_name(somebody: Acting) -> None:
    type_id = await add_type(somebody)
    document_id = await add_document(somebody, type_id)

    deleted = await somebody.do(DeleteDocument(document_id=document_id, version=1))
    again = await somebody.do(DeleteDocument(document_id=document_id, version=2))

    assert deleted == DocumentDeleted(
        person_id=somebody.person, document_id=document_id, name="Passport"
    )
    assert isinstance(again, DocumentRefused)
    assert again.reason == "no_such_document"
    await add_document(somebody, type_id)


async def test_a_document_seen_before_its_last_change_is_not_deleted(somebody: Acting) -> None:
    document_id = await add_document(somebody, await add_type(somebody))
    await somebody.do(RenameDocument(document_id=document_id, version=1, name="Newer"))

    outcome = await somebody.do(DeleteDocument(document_id=document_id, version=1))

    assert isinstance(outcome, DocumentRefused)
    assert outcome.reason == "changed_meanwhile"


async def test_a_deleted_document_is_restored_and_restoring_twice_is_harmless(
    somebody: Acting,
) -> None:
    type_id = await add_type(somebody)
    document_id = await add_document(somebody, type_id)
    await somebody.do(DeleteDocument(document_id=document_id, version=1))
    restored = DocumentRestored(person_id=somebody.person, document_id=document_id, name="Passport")

    for _ in range(2):
        assert await somebody.do(RestoreDocument(document_id=document_id)) == restored

    deleted = await somebody.do(DeleteDocument(document_id=document_id, version=3))
    assert isinstance(deleted, DocumentDeleted)


async def test_a_document_is_not_restored_over_one_of_its_name(somebody: Acting) -> None:
    type_id = await add_type(somebody)
    document_id = await add_document(somebody, type_id, "Паспорт")
    await somebody.do(DeleteDocument(document_id=document_id, version=1))
    namesake = await add_document(somebody, type_id, "паспорт")

    outcome = await somebody.do(RestoreDocument(document_id=document_id))

    assert outcome == DocumentRefused(
        person_id=somebody.person,
        reason="name_taken_since",
        name="Паспорт",
        type_name="Passports",
        document_id=document_id,
        in_the_way=InTheWay(document_id=namesake, name="паспорт", type_name="Passports"),
    )


async def test_unknown_and_foreign_documents_are_the_same_to_every_command(
    somebody: Acting, somebody_else: Acting
) -> None:
    theirs = await add_document(somebody_else, await add_type(somebody_else))

    for document_id in (UNKNOWN, theirs):
        refused = DocumentRefused(
            person_id=somebody.person, reason="no_such_document", document_id=document_id
        )
        rename = RenameDocument(document_id=document_id, version=1, name="Mine")
        assert await somebody.do(rename) == refused
        delete = DeleteDocument(document_id=document_id, version=1)
        assert await somebody.do(delete) == refused
        assert await somebody.do(RestoreDocument(document_id=document_id)) == refused


async def test_an_erased_person_leaves_no_row_and_others_theirs(
    somebody: Acting, somebody_else: Acting
) -> None:
    await add_document(somebody, await add_type(somebody))
    type_id = await add_type(somebody_else)
    await add_document(somebody_else, type_id)

    await somebody.hear(PersonErased(person_id=somebody.person))

    async with somebody.databases.storage() as db:
        for table in (Document, DocumentType, File):
            rows = await db.scalars(select(table).where(table.person_id == somebody.person))
            assert not rows.all()
    page = await somebody_else.ask(ListDocuments(type_id=type_id))
    assert getattr(page, "total", None) == 1
