"""Notes of documents, and whose versions they are, on a real PostgreSQL."""

from typing import Any

from contracts.base import Command
from contracts.documents import (
    AddVersion,
    ChangeNote,
    DocumentRefused,
    GetDocument,
    ListVersions,
    Missing,
    NoteChanged,
    RestoreVersion,
)
from tests.services.acting import Acting
from tests.services.storage.keeping import (
    add_document,
    add_type,
    keep_upload,
)
from tests.services.storage.test_document_versions import look


async def test_a_note_is_changed_in_the_version_seen(somebody: Acting) -> None:
    document_id = await add_document(somebody, await add_type(somebody))

    note = "  Until\tMay. \n\n\n\nIn the\u0000 safe.\n"
    changed = await somebody.do(ChangeNote(document_id=document_id, version=1, note=note))
    refused = await somebody.do(ChangeNote(document_id=document_id, version=1, note="Other"))

    assert changed == NoteChanged(
        person_id=somebody.person,
        document_id=document_id,
        name="Passport",
        note="Until May.\n\nIn the safe.",
    )
    assert isinstance(refused, DocumentRefused)
    assert refused.reason == "changed_meanwhile"
    assert (await look(somebody, document_id)).note == "Until May.\n\nIn the safe."


async def test_nobody_changes_or_sees_what_others_have(
    somebody: Acting, somebody_else: Acting
) -> None:
    document_id = await add_document(somebody_else, await add_type(somebody_else))
    upload_id = await keep_upload(somebody)

    commands: tuple[Command[Any], ...] = (
        AddVersion(document_id=document_id, upload_ids=(upload_id,)),
        RestoreVersion(document_id=document_id, version=1, number=1),
        ChangeNote(document_id=document_id, version=1, note="Mine"),
    )
    for command in commands:
        outcome = await somebody.do(command)
        assert isinstance(outcome, DocumentRefused)
        assert outcome.reason == "no_such_document"
    assert await somebody.ask(ListVersions(document_id=document_id)) == Missing()
    assert await somebody.ask(GetDocument(document_id=document_id, number=1)) == Missing()


async def test_files_of_others_make_no_version(somebody: Acting, somebody_else: Acting) -> None:
    document_id = await add_document(somebody, await add_type(somebody))
    theirs = await keep_upload(somebody_else)

    outcome = await somebody.do(AddVersion(document_id=document_id, upload_ids=(theirs,)))

    assert isinstance(outcome, DocumentRefused)
    assert outcome.reason == "upload_lost"
