"""Everything under a type is found with the names it has in an archive."""

import pytest

from contracts.documents import AddDocument, DeleteDocument, ListTypeFiles, Missing, TypeFiles
from services.query.documents import archiving
from tests.services.acting import Acting
from tests.services.storage.keeping import add_document, add_type, keep_upload


async def test_files_are_named_as_their_documents_and_numbered_where_there_are_several(
    somebody: Acting,
) -> None:
    type_id = await add_type(somebody, "Визы")
    await add_document(somebody, type_id, "Single")
    pages = tuple([await keep_upload(somebody) for _ in range(2)])
    await somebody.do(
        AddDocument(upload_ids=pages, type_id=type_id, name="Album", allow_same_content=True)
    )
    deleted = await add_document(somebody, type_id, "Deleted")
    await somebody.do(DeleteDocument(document_id=deleted, version=1))
    await add_document(somebody, await add_type(somebody, "Other"), "Elsewhere")

    found = await somebody.ask(ListTypeFiles(type_id=type_id))

    assert isinstance(found, TypeFiles)
    assert (found.type_name, found.total) == ("Визы", 3)
    assert [file.name for file in found.files] == ["Album 1.pdf", "Album 2.pdf", "Single.pdf"]
    assert [file.upload_id for file in found.files[:2]] == list(pages)
    assert {file.size for file in found.files} == {1234}


async def test_what_one_archive_does_not_hold_is_found_from_an_offset(
    somebody: Acting, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(archiving, "ARCHIVE_LIMIT", 2)
    type_id = await add_type(somebody)
    for name in "abc":
        await add_document(somebody, type_id, name)

    pages = [await somebody.ask(ListTypeFiles(type_id=type_id, offset=n)) for n in (0, 2, 4)]

    found = [page for page in pages if isinstance(page, TypeFiles)]
    assert [[file.name for file in page.files] for page in found] == [
        ["a.pdf", "b.pdf"],
        ["c.pdf"],
        [],
    ]
    assert [page.total for page in found] == [3, 3, 0]


async def test_nobody_finds_files_of_somebody_else(somebody: Acting, somebody_else: Acting) -> None:
    type_id = await add_type(somebody_else)
    await add_document(somebody_else, type_id)
    assert await somebody.ask(ListTypeFiles(type_id=type_id)) == Missing()
