"""Versions of a document and notes about it, told as a chat."""

from tests.chat import Chat
from tests.flows.conftest import MeetPerson
from tests.flows.test_documents import add, open_document


async def add_version(person: Chat, files: dict[str, bytes], type_name: str, name: str) -> None:
    """Send files under a name that is taken, and save them as a new version."""
    if len(files) > 1:
        await person.sends_album(files)
        await person.sees_new(f"Files ({len(files)})")
    else:
        ((file_name, data),) = files.items()
        await person.sends(data, file_name)
    await person.presses(type_name)
    await person.sees_new("What shall it be called?")
    await person.says(name)
    await person.presses("Save")
    await person.sees_new("already")
    await person.presses("New version")
    await person.sees_new("Saved: version")


async def test_a_taken_name_offers_a_new_version(person: Chat, report: bytes) -> None:
    await add(person, report, "contract.pdf", "Contracts")
    await person.sends(report + b"2", "CONTRACT.pdf")
    await person.presses("Contracts")
    await person.presses("Keep")
    await person.presses("Save")
    asked = await person.sees_new("There is a document called CONTRACT")
    labels = [[button["text"] for button in row] for row in asked["buttons"]]
    assert labels == [["New version", "Another name"], ["Cancel"]]
    await person.presses("New version")
    saved = await person.sees_new("Saved")
    assert "version 2 of contract" in saved["text"]

    await open_document(person, "Contracts (1)", "contract")
    assert await person.receives("CONTRACT.pdf") == report + b"2"


async def test_a_taken_name_can_be_left_alone(person: Chat, report: bytes) -> None:
    await add(person, report, "contract.pdf", "Contracts")
    await person.sends(report + b"2", "contract.pdf")
    await person.presses("Contracts")
    await person.presses("Keep")
    await person.presses("Save")
    await person.sees_new("already")
    await person.presses("Cancel")
    await person.sees_new("Cancelled.")
    await open_document(person, "Contracts (1)", "contract")
    assert await person.receives("contract.pdf") == report


async def test_old_versions_are_listed_sent_and_restored(person: Chat, report: bytes) -> None:
    await add(person, report, "plan.pdf", "Plans")
    await add_version(
        person, {"plan a.pdf": report + b"a", "plan b.pdf": report + b"b"}, "Plans", "plan"
    )
    await open_document(person, "Plans (1)", "plan")
    await person.sees("2 files")
    await person.presses("Versions")
    listed = await person.sees_new("Versions of plan:")
    assert ", current: plan a.pdf, plan b.pdf" in listed["text"]
    (first,) = [
        button["text"]
        for row in listed["buttons"]
        for button in row
        if button["text"].startswith("Version 1")
    ]
    await person.presses(first)
    await person.sees_new("plan, version 1 of")
    assert await person.receives("plan.pdf") == report
    await person.presses("Restore this version")
    await person.sees_new("plan consists of version 1 again.")
    await person.presses("Show it")
    shown = await person.sees_new("Rename")
    assert shown["file"]["name"] == "plan.pdf"
    await person.presses("Versions")
    listed = await person.sees_new("Versions of plan:")
    assert ", current: plan.pdf" in listed["text"]
    assert ": plan a.pdf, plan b.pdf" in listed["text"]


async def test_a_restored_version_is_followed_by_the_next_number(
    person: Chat, report: bytes
) -> None:
    await add(person, report, "plan.pdf", "Plans")
    await add_version(person, {"second.pdf": report + b"2"}, "Plans", "plan")
    await add_version(person, {"third.pdf": report + b"3"}, "Plans", "plan")
    await person.sees("Saved: version 3")


async def test_the_same_content_as_a_new_version_is_asked_about(
    person: Chat, report: bytes
) -> None:
    await add(person, report, "plan.pdf", "Plans")
    await person.sends(report, "plan.pdf")
    await person.presses("Plans")
    await person.presses("Keep")
    await person.presses("Save")
    await person.presses("New version")
    await person.sees_new("the same content is in plan")
    await person.presses("Save anyway")
    await person.sees_new("Saved: version 2 of plan")


async def test_a_note_is_written_changed_and_removed(person: Chat, report: bytes) -> None:
    await add(person, report, "visa.pdf", "Visas")
    await open_document(person, "Visas (1)", "visa")
    await person.presses("Note")
    asked = await person.sees_new("What shall I note about it?")
    assert [[button["text"] for button in row] for row in asked["buttons"]] == [["Cancel"]]
    await person.says("Valid until May.\n\nKept in the <safe>.")
    await person.sees_new("Noted about visa.")
    await person.presses("Show it")
    await person.sees_new("Valid until May.\n\nKept in the <safe>.")
    await person.presses("Note")
    await person.says("x" * 1001)
    await person.sees_new("At most 1000 characters, please; that was 1001.")
    await person.says("x" * 1000)
    await person.sees_new("Noted about visa.")
    await person.presses("Show it")
    shown = await person.sees_new("x" * 1000)
    assert shown["file"] is None
    await person.presses("Note")
    await person.sees_new("Remove the note")
    await person.presses("Remove the note")
    await person.sees_new("There is no note about visa any more.")
    await person.presses("Show it")
    shown = await person.sees_new("Rename")
    assert shown["file"]["name"] == "visa.pdf"
    assert "x" not in shown["text"]


async def test_a_dash_is_no_note(person: Chat, report: bytes) -> None:
    await add(person, report, "visa.pdf", "Visas")
    await open_document(person, "Visas (1)", "visa")
    await person.presses("Note")
    await person.says("Kept in the safe.")
    await person.presses("Show it")
    await person.sees_new("Kept in the safe.")
    await person.presses("Note")
    await person.sees_new("Remove the note")
    await person.says("-")
    await person.sees_new("There is no note about visa any more.")


async def test_versions_and_notes_in_russian(meet: MeetPerson, report: bytes) -> None:
    person = await meet("ru")
    await person.sends(report, "план.pdf")
    await person.presses("Новый тип")
    await person.says("Планы")
    await person.presses("Оставить")
    await person.presses("Сохранить")
    await person.sees_new("Сохранено")
    await person.sends_album({"план.pdf": report + b"2", "схема.pdf": report + b"3"})
    await person.sees_new("Файлы (2)")
    await person.presses("Планы")
    await person.presses("Оставить")
    await person.presses("Сохранить")
    await person.presses("Новая версия")
    await person.sees_new("Сохранено: версия 2 документа план")
    await person.says("/documents")
    await person.presses("Планы (1)")
    await person.presses("план")
    await person.sees_new("2 файла")
    await person.presses("Версии")
    await person.sees_new("текущая: план.pdf, схема.pdf")
