"""Everything under a type at once, told as a chat."""

import zipfile
from io import BytesIO

import pytest

from services.files import archives
from tests.chat import Chat
from tests.flows.conftest import MeetPerson
from tests.flows.test_documents import add, open_document


async def unpacked(person: Chat, name: str) -> dict[str, bytes]:
    """Return what is in a ZIP that the bot has sent."""
    with zipfile.ZipFile(BytesIO(await person.receives(name))) as archive:
        assert archive.testzip() is None
        return {entry: archive.read(entry) for entry in archive.namelist()}


async def test_everything_of_a_type_comes_in_parts_with_the_original_bytes(
    person: Chat, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(archives, "PART_SIZE", 9000)
    originals = {f"Скан {number}.pdf": bytes([number]) * 4000 for number in range(1, 6)}
    for name, data in originals.items():
        await add(person, data, name, "Passports")
    await add(person, b"other", "other.pdf", "Others")

    await person.says("/documents")
    await person.presses("Passports (5)")
    await person.presses("Download all")
    await person.sees_new("Passports: 5 files are sent.")

    received: dict[str, bytes] = {}
    for number in (1, 2, 3):
        received |= await unpacked(person, f"Passports, part {number} of 3.zip")
    assert received == originals
    assert await person.count("I am packing") == 0


async def test_what_fits_comes_as_one_file_without_what_was_deleted(person: Chat) -> None:
    await add(person, b"first", "draft.pdf", "Papers", name="Paper")
    await add(person, b"second", "other.txt", "Papers", name="Note: a/b")
    await add(person, b"third", "third.pdf", "Papers")
    await open_document(person, "Papers (3)", "third")
    await person.presses("Delete")
    await person.sees_new("Deleted")

    await person.says("/documents")
    await person.presses("Papers (2)")
    await person.presses("Download all")

    await person.sees_new("Papers: 2 files are sent.")
    found = await unpacked(person, "Papers.zip")
    assert found == {"Note_ a_b.txt": b"second", "Paper.pdf": b"first"}


async def test_a_type_that_became_empty_says_so(person: Chat, report: bytes) -> None:
    await add(person, report, "only.pdf", "Papers")
    await person.says("/documents")
    await person.presses("Papers (1)")
    listed = await person.sees_new("Download all")
    await person.presses("only")
    await person.presses("Delete")
    await person.sees_new("Deleted")
    await person.presses("Download all")
    await person.sees_toast("There is nothing under this type.")
    assert [
        [button["text"] for button in row]
        for row in listed["buttons"]
        if row[0]["text"] == "Download all"
    ] == [["Download all"]]

    await person.says("/documents")
    await person.presses("Papers (0)")
    empty = await person.sees_new("no documents yet")
    assert "Download all" not in str(empty["buttons"])


async def test_it_is_said_in_the_language_of_the_person(meet: MeetPerson, report: bytes) -> None:
    person = await meet("ru")
    await person.sends(report, "паспорт.pdf")
    await person.presses("Новый тип")
    await person.says("Паспорта")
    await person.presses("Оставить")
    await person.presses("Сохранить")
    await person.sees_new("Сохранено")
    await person.says("/documents")
    await person.presses("Паспорта (1)")
    await person.presses("Скачать всё")
    await person.sees_new("Паспорта: отправлен 1 файл.")
    assert await unpacked(person, "Паспорта.zip") == {"паспорт.pdf": report}
