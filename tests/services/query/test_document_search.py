"""Search finds any part of names and notes, of the acting person's documents only."""

import pytest
from sqlalchemy import insert, update

from contracts.base import Page
from contracts.documents import DeleteDocument, SearchDocuments
from database.documents import Document
from services.query.documents import searching
from tests.services.acting import Acting
from tests.services.storage.keeping import add_document, add_type


async def names(person: Acting, words: str) -> list[str]:
    page = await person.ask(SearchDocuments(words=words))
    assert page.total == len(page.documents)
    return [found.name for found in page.documents]


async def keep(person: Acting, *named: str, note: str = "") -> None:
    """Put documents into the database, the newest last."""
    type_id = await add_type(person, f"Type of {named[0]}"[:40])
    rows = [{"person_id": person.person, "type_id": type_id, "name": name} for name in named]
    async with person.databases.storage.begin() as db:
        await db.execute(insert(Document).values(note=note), rows)


@pytest.mark.parametrize(
    "words",
    ["говор", "ДОГОВОР", "аренды договор", "д", "№1", "ЕЖ", "ё", "ежик", "2 ёж", "  №12  "],
)
async def test_parts_of_a_name_are_found_in_any_case_and_order(
    somebody: Acting, words: str
) -> None:
    await keep(somebody, "Договор аренды №12 Ёжик", "Something else")
    assert await names(somebody, words) == ["Договор аренды №12 Ёжик"]


async def test_notes_are_found_across_their_lines(somebody: Acting) -> None:
    await keep(somebody, "Passport", note="Лежит в\n  Зелёной\tпапке")
    for words in ("зеленой", "в зелёной", "папке passport"):
        assert await names(somebody, words) == ["Passport"]
    assert await names(somebody, "tlie") == []


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("100%", ["100% of it"]),
        ("%", ["100% of it"]),
        ("a_b", ["a_b c"]),
        ("\\", ["back\\slash"]),
        ("k\\s", ["back\\slash"]),
    ],
)
async def test_what_is_a_wildcard_elsewhere_stands_for_itself(
    somebody: Acting, words: str, found: list[str]
) -> None:
    await keep(somebody, "100% of it", "1000 of it", "a_b c", "axb c", "back\\slash")
    assert await names(somebody, words) == found


async def test_what_is_deleted_or_of_somebody_else_is_not_found(
    somebody: Acting, somebody_else: Acting
) -> None:
    type_id = await add_type(somebody)
    deleted = await add_document(somebody, type_id, "Secret")
    await somebody.do(DeleteDocument(document_id=deleted, version=1))
    await keep(somebody_else, "Secret")
    assert await names(somebody, "secret") == []


async def test_a_renamed_document_is_found_by_its_new_name(somebody: Acting) -> None:
    document_id = await add_document(somebody, await add_type(somebody), "Before")
    async with somebody.databases.storage.begin() as db:
        await db.execute(update(Document).values(name="After").where(Document.id == document_id))
    assert await names(somebody, "after") == ["After"]
    assert await names(somebody, "before") == []


async def test_what_is_found_comes_in_pages_the_newest_first(somebody: Acting) -> None:
    type_id = await add_type(somebody)
    for name in ("Test 1", "Test 2", "Other", "Test 3"):
        await add_document(somebody, type_id, name)

    first = await somebody.ask(SearchDocuments(words="test", page=Page(limit=2)))
    second = await somebody.ask(SearchDocuments(words="test", page=Page(offset=2, limit=2)))

    assert [found.name for found in (*first.documents, *second.documents)] == [
        "Test 3",
        "Test 2",
        "Test 1",
    ]
    assert (first.total, second.total, first.more) == (3, 3, False)


async def test_beyond_what_is_read_the_index_finds_the_same(
    somebody: Acting, monkeypatch: pytest.MonkeyPatch
) -> None:
    """However much somebody keeps, each way of looking returns the same."""
    await keep(somebody, "Unique needle", *(f"Common hay {n}" for n in range(30)))
    expected = {words: await names(somebody, words) for words in ("needle", "un", "needle un")}
    assert set(map(tuple, expected.values())) == {("Unique needle",)}
    monkeypatch.setattr(searching, "READ_THROUGH", 5)
    for words, found in expected.items():
        assert await names(somebody, words) == found
    for often in (1, 10):
        monkeypatch.setattr(searching, "OFTEN", often)
        page = await somebody.ask(SearchDocuments(words="common", page=Page(limit=100)))
        assert page.total == 30


async def test_more_than_ten_pages_are_said_to_be_more(
    somebody: Acting, monkeypatch: pytest.MonkeyPatch
) -> None:
    await keep(somebody, *(f"Hay {n}" for n in range(8)))
    monkeypatch.setattr(searching, "FOUND_LIMIT", 7)
    page = await somebody.ask(SearchDocuments(words="hay"))
    assert (page.total, page.more, len(page.documents)) == (7, True, 7)
