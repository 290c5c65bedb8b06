"""Documents of several files, their versions, what is there already, and notes."""

import msgspec
import pytest
from msgspec.structs import replace

from bus import NotYet
from bus.encoding import decode, encode
from bus.errors import MalformedMessage
from contracts.base import Page
from contracts.documents import (
    AddDocument,
    AddVersion,
    DeleteDocument,
    Document,
    DocumentAdded,
    DocumentId,
    DocumentRefused,
    GetDocument,
    InTheWay,
    ListVersions,
    RestoreVersion,
    VersionAdded,
    VersionPage,
    VersionRestored,
)
from contracts.files import UploadClaimed, UploadDiscarded, UploadId, UploadLost
from tests.services.acting import Acting
from tests.services.storage.keeping import (
    add_document,
    add_type,
    keep_upload,
    new_upload_id,
    upload_kept,
)


async def keep_again(person: Acting, upload_id: UploadId) -> UploadId:
    """Have an upload kept that has the bytes of another."""
    copy, original = new_upload_id(), upload_kept(person.person, upload_id)
    await person.hear(replace(original, upload_id=copy))
    return copy


async def look(person: Acting, document_id: DocumentId, number: int = 0) -> Document:
    """Return a document that is there."""
    found = await person.ask(GetDocument(document_id=document_id, number=number))
    assert isinstance(found, Document)
    return found


async def uploads_of(
    person: Acting, document_id: DocumentId, number: int = 0
) -> tuple[UploadId, ...]:
    """Return what a document consists of, in its order."""
    return tuple(file.upload_id for file in (await look(person, document_id, number)).files)


async def test_a_document_has_its_files_in_order_and_claims_each(somebody: Acting) -> None:
    type_id = await add_type(somebody)
    uploads = tuple([await keep_upload(somebody) for _ in range(3)][::-1])

    added = await somebody.do(AddDocument(upload_ids=uploads, type_id=type_id, name="Scans"))

    assert isinstance(added, DocumentAdded)
    assert await uploads_of(somebody, added.document_id) == uploads
    assert somebody.events == [
        UploadClaimed(person_id=somebody.person, app="documents", upload_id=upload_id)
        for upload_id in uploads
    ]


async def test_no_file_may_be_missing(somebody: Acting) -> None:
    type_id, kept, other = await add_type(somebody), await keep_upload(somebody), new_upload_id()
    command = AddDocument(upload_ids=(kept, other), type_id=type_id, name="Scans")
    with pytest.raises(NotYet):
        await somebody.do(command)
    await somebody.hear(
        UploadLost(person_id=somebody.person, app="documents", upload_id=other, reason="gone")
    )

    outcome = await somebody.do(command)

    assert isinstance(outcome, DocumentRefused)
    assert (outcome.reason, outcome.upload_ids) == ("upload_lost", (kept, other))


@pytest.mark.parametrize(
    "files", ["", '"upload_ids":[],', '"upload_ids":["a"],"upload_id":"b",'], ids=str
)
def test_a_document_of_no_file_is_no_command(files: str) -> None:
    said = f'{{"type":"AddDocument",{files}"type_id":1,"name":"Passport"}}'
    with pytest.raises(MalformedMessage):
        decode(AddDocument, said.encode())


def test_a_document_has_twenty_files_at_most() -> None:
    twenty = tuple(f"upload-{n}" for n in range(20))
    command = AddDocument(upload_ids=twenty, type_id=1, name="Scans")
    assert decode(AddDocument, encode(command)) == command
    with pytest.raises(MalformedMessage):
        decode(AddDocument, encode(replace(command, upload_ids=(*twenty, "one-more"))))


async def test_what_older_senders_say_of_one_file_is_understood(somebody: Acting) -> None:
    type_id, upload_id = await add_type(somebody), await keep_upload(somebody)
    said = {"type": "AddDocument", "upload_id": upload_id, "type_id": type_id, "name": "Old"}

    added = await somebody.do(decode(AddDocument, msgspec.json.encode(said)))

    assert isinstance(added, DocumentAdded)
    assert await uploads_of(somebody, added.document_id) == (upload_id,)


async def test_the_same_content_is_refused_until_it_is_allowed(somebody: Acting) -> None:
    type_id, upload_id = await add_type(somebody), await keep_upload(somebody)
    first = await somebody.do(AddDocument(upload_ids=(upload_id,), type_id=type_id, name="First"))
    assert isinstance(first, DocumentAdded)
    uploads = (await keep_upload(somebody), await keep_again(somebody, upload_id))
    command = AddDocument(upload_ids=uploads, type_id=type_id, name="Second")

    assert await somebody.do(command) == DocumentRefused(
        person_id=somebody.person,
        reason="same_content",
        name="Second",
        type_name="Passports",
        upload_ids=uploads,
        in_the_way=InTheWay(document_id=first.document_id, name="First", type_name="Passports"),
    )
    assert isinstance(await somebody.do(replace(command, allow_same_content=True)), DocumentAdded)


async def test_what_is_deleted_or_of_somebody_else_is_not_the_same(
    somebody: Acting, somebody_else: Acting
) -> None:
    upload_id = await keep_upload(somebody)
    for person in (somebody, somebody_else):
        type_id = await add_type(person)
        added = await person.do(
            AddDocument(
                upload_ids=(await keep_again(person, upload_id),), type_id=type_id, name="Mine"
            )
        )
        assert isinstance(added, DocumentAdded)
        if person is somebody:
            await person.do(DeleteDocument(document_id=added.document_id, version=1))
            copy = await keep_again(person, upload_id)
            again = AddDocument(upload_ids=(copy,), type_id=type_id, name="Mine")
            assert isinstance(await person.do(again), DocumentAdded)


async def test_a_version_takes_the_place_of_the_files_and_keeps_them(somebody: Acting) -> None:
    document_id = await add_document(somebody, await add_type(somebody))
    before = await uploads_of(somebody, document_id)
    uploads = (await keep_upload(somebody), await keep_upload(somebody))

    added = await somebody.do(AddVersion(document_id=document_id, upload_ids=uploads))

    assert added == VersionAdded(
        person_id=somebody.person,
        document_id=document_id,
        type_name="Passports",
        name="Passport",
        number=2,
    )
    found = await look(somebody, document_id)
    assert (found.version, found.number, found.current) == (2, 2, 2)
    assert await uploads_of(somebody, document_id) == uploads
    assert await uploads_of(somebody, document_id, 1) == before
    assert [event.upload_id for event in claims(somebody)] == [*before, *uploads]


async def test_versions_are_listed_the_newest_first(somebody: Acting) -> None:
    document_id = await add_document(somebody, await add_type(somebody))
    for _ in range(3):
        upload_id = await keep_upload(somebody)
        await somebody.do(AddVersion(document_id=document_id, upload_ids=(upload_id,)))

    page = await somebody.ask(ListVersions(document_id=document_id, page=Page(limit=3)))
    rest = await somebody.ask(ListVersions(document_id=document_id, page=Page(offset=3)))

    assert isinstance(page, VersionPage)
    assert isinstance(rest, VersionPage)
    assert (page.name, page.current, page.total, rest.total) == ("Passport", 4, 4, 4)
    assert [each.number for each in (*page.versions, *rest.versions)] == [4, 3, 2, 1]
    assert page.versions[0].file_names == ("scan.pdf",)


async def test_a_version_is_restored_and_the_next_is_numbered_on(somebody: Acting) -> None:
    document_id = await add_document(somebody, await add_type(somebody))
    first = await uploads_of(somebody, document_id)
    upload_id = await keep_upload(somebody)
    await somebody.do(AddVersion(document_id=document_id, upload_ids=(upload_id,)))

    stale = await somebody.do(RestoreVersion(document_id=document_id, version=1, number=1))
    unknown = await somebody.do(RestoreVersion(document_id=document_id, version=2, number=7))
    restored = await somebody.do(RestoreVersion(document_id=document_id, version=2, number=1))

    assert isinstance(stale, DocumentRefused)
    assert isinstance(unknown, DocumentRefused)
    assert (stale.reason, unknown.reason) == ("changed_meanwhile", "no_such_version")
    assert isinstance(restored, VersionRestored)
    assert await uploads_of(somebody, document_id) == first
    upload_id = await keep_upload(somebody)
    added = await somebody.do(AddVersion(document_id=document_id, upload_ids=(upload_id,)))
    assert isinstance(added, VersionAdded)
    assert added.number == 3


async def test_files_of_earlier_versions_are_not_forgotten(somebody: Acting) -> None:
    document_id = await add_document(somebody, await add_type(somebody))
    (first,) = await uploads_of(somebody, document_id)
    upload_id = await keep_upload(somebody)
    await somebody.do(AddVersion(document_id=document_id, upload_ids=(upload_id,)))

    await somebody.hear(
        UploadDiscarded(person_id=somebody.person, app="documents", upload_id=first)
    )

    assert (await look(somebody, document_id, 1)).files[0].file_name == "scan.pdf"


def claims(person: Acting) -> list[UploadClaimed]:
    return [event for event in person.events if isinstance(event, UploadClaimed)]
