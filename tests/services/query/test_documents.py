"""Questions about documents are answered to their owner, page by page."""

from contracts.base import Page
from contracts.documents import (
    DeleteDocument,
    Document,
    DocumentFile,
    DocumentPage,
    GetDocument,
    ListDocuments,
    ListTypes,
    Missing,
    RenameDocument,
)
from contracts.files import UploadSent
from tests.services.acting import Acting
from tests.services.storage.keeping import add_document, add_type

UNKNOWN = 2**62


async def test_types_are_listed_by_name_with_their_counts(somebody: Acting) -> None:
    visas, _ = await add_type(somebody, "visas"), await add_type(somebody, "Бумаги")
    passports = await add_type(somebody, "Passports")
    for name in ("One", "Two"):
        await add_document(somebody, visas, name)
    deleted = await add_document(somebody, passports)
    await somebody.do(DeleteDocument(document_id=deleted, version=1))

    page = await somebody.ask(ListTypes())

    assert page.total == 3
    listed = [(item.name, item.documents) for item in page.types]
    assert listed == [("Passports", 0), ("visas", 2), ("Бумаги", 0)]


async def test_types_come_in_pages(somebody: Acting) -> None:
    for name in "ABCDE":
        await add_type(somebody, name)

    page = await somebody.ask(ListTypes(page=Page(offset=2, limit=2)))
    beyond = await somebody.ask(ListTypes(page=Page(offset=50)))

    assert ([item.name for item in page.types], page.total) == (["C", "D"], 5)
    assert (beyond.types, beyond.total) == ((), 5)


async def test_documents_are_listed_the_newest_first(somebody: Acting) -> None:
    type_id = await add_type(somebody)
    ids = [await add_document(somebody, type_id, name) for name in ("1st", "2nd", "3rd", "4th")]
    await somebody.do(DeleteDocument(document_id=ids[2], version=1))

    page = await somebody.ask(ListDocuments(type_id=type_id, page=Page(limit=2)))
    rest = await somebody.ask(ListDocuments(type_id=type_id, page=Page(offset=2, limit=2)))

    assert isinstance(page, DocumentPage)
    assert isinstance(rest, DocumentPage)
    assert (page.type_name, page.emoji, page.total, rest.total) == ("Passports", "", 3, 3)
    assert [item.name for item in (*page.documents, *rest.documents)] == ["4th", "2nd", "1st"]
    assert page.documents[0].added_at.tzinfo is not None


async def test_a_document_is_given_with_the_newest_file_id(somebody: Acting) -> None:
    type_id = await add_type(somebody)
    document_id = await add_document(somebody, type_id)
    await somebody.do(RenameDocument(document_id=document_id, version=1, name="Renamed"))
    before = await somebody.ask(GetDocument(document_id=document_id))
    assert isinstance(before, Document)

    await somebody.hear(
        UploadSent(person_id=somebody.person, upload_id=before.files[0].upload_id, file_id="tg-2")
    )

    document = await somebody.ask(GetDocument(document_id=document_id))
    assert document == Document(
        document_id=document_id,
        version=2,
        type_id=type_id,
        type_name="Passports",
        name="Renamed",
        note="",
        added_at=before.added_at,
        number=1,
        current=1,
        versioned_at=before.added_at,
        files=(
            DocumentFile(
                upload_id=before.files[0].upload_id,
                kind="document",
                file_id="tg-2",
                file_name="scan.pdf",
                size=1234,
                sha256=before.files[0].sha256,
            ),
        ),
    )


async def test_a_deleted_document_is_missing(somebody: Acting) -> None:
    document_id = await add_document(somebody, await add_type(somebody))
    await somebody.do(DeleteDocument(document_id=document_id, version=1))

    assert await somebody.ask(GetDocument(document_id=document_id)) == Missing()


async def test_what_is_unknown_or_of_somebody_else_is_missing(
    somebody: Acting, somebody_else: Acting
) -> None:
    type_id = await add_type(somebody_else)
    document_id = await add_document(somebody_else, type_id)

    for target in (UNKNOWN, type_id):
        assert await somebody.ask(ListDocuments(type_id=target)) == Missing()
    for target in (UNKNOWN, document_id):
        assert await somebody.ask(GetDocument(document_id=target)) == Missing()
    assert (await somebody.ask(ListTypes())).total == 0
