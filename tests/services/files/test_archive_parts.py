"""How files are divided into the parts of an archive, and what they are called there."""

from pathlib import Path

import pytest

from services.files import archives
from services.files.archives import divide, named_apart, safe_name
from services.files.store import ObjectStore
from tests.services.files.test_archives import archived, names
from tests.services.files.test_store import chunks


def test_parts_are_divided_in_order_and_none_is_larger_than_allowed() -> None:
    files = archived("a", "b", "c", "d", size=400)
    parts = divide(files, 1100)
    assert [names(part) for part in parts] == [["a", "b"], ["c", "d"]]
    large = [*archived("small"), *archived("large", size=5000), *archived("other")]
    assert [names(part) for part in divide(large, 1100)] == [["small"], ["large"], ["other"]]
    assert divide([], 1100) == []


async def test_a_part_keeps_to_its_size_with_names_and_all(
    folder: ObjectStore, tmp_path: Path
) -> None:
    files = named_apart(archived(*["очень длинное имя " * 10] * 50, size=100))
    for file in files:
        await folder.put(f"documents/1/{file.upload_id}", chunks(b"x" * 100))
    for number, part in enumerate(divide(files, 10_000)):
        path = tmp_path / f"{number}.zip"
        assert await archives.pack(path, part, "documents/1", folder) == ()
        assert path.stat().st_size <= 10_000


def test_equal_names_are_told_apart_whatever_their_case() -> None:
    given = archived("Паспорт.pdf", "ПАСПОРТ.pdf", "Паспорт (2).pdf", "Паспорт.pdf", "x", "x")
    found = names(named_apart(given))
    assert found[:3] == ["Паспорт.pdf", "ПАСПОРТ (2).pdf", "Паспорт (2) (2).pdf"]
    assert found[3:] == ["Паспорт (3).pdf", "x", "x (2)"]


@pytest.mark.parametrize(
    ("name", "safe"),
    [
        ("../../etc/passwd", "_.._etc_passwd"),
        ("/etc/passwd", "_etc_passwd"),
        ("C:\\Windows\\win.ini", "C__Windows_win.ini"),
        ("a\nb\x00c\x7f.txt", "a_b_c_.txt"),
        ("..", "file"),
        (" .hidden. ", "hidden"),
        ("Договор «ё».pdf", "Договор «ё».pdf"),
    ],
)
def test_a_name_leads_nowhere_else(name: str, safe: str) -> None:
    assert safe_name(name) == safe


def test_a_name_is_short_enough_for_any_disk() -> None:
    assert len(safe_name("я" * 150 + ".pdf").encode()) <= archives.NAME_BYTES
    assert safe_name("я" * 150 + ".pdf").endswith("я.pdf")
    assert len(safe_name("a." + "я" * 150).encode()) <= archives.NAME_BYTES
