"""What people see of their documents, in both languages."""

from datetime import UTC, datetime

import msgspec
import pytest

from contracts.base import Language
from contracts.documents import (
    Document,
    DocumentAdded,
    DocumentDeleted,
    DocumentPage,
    DocumentSummary,
    DocumentType,
    TypePage,
)
from contracts.screens import Media, Screen
from screens import documents
from screens.texts import Texts, texts

MOMENT = datetime(2026, 11, 21, 11, 5, tzinfo=UTC)
EN, RU = texts("en"), texts("ru")


def labels(screen: Screen) -> list[list[str]]:
    return [[button.text for button in row] for row in screen.buttons]


def action(screen: Screen, label: str) -> str:
    return next(b.action for row in screen.buttons for b in row if b.text == label)


def types_page(count: int, total: int) -> TypePage:
    return TypePage(
        types=tuple(
            DocumentType(type_id=n, name=f"Type {n}", emoji="🏥", documents=n)
            for n in range(1, count + 1)
        ),
        total=total,
    )


def documents_page(count: int, total: int) -> DocumentPage:
    return DocumentPage(
        type_id=3,
        type_name="<Medical>",
        emoji="🏥",
        documents=tuple(
            DocumentSummary(document_id=n, name=f"Test {n}", added_at=MOMENT)
            for n in range(1, count + 1)
        ),
        total=total,
    )


def test_the_menu_has_the_labels_that_people_know() -> None:
    assert labels(documents.menu(EN)) == [
        ["Add document", "My documents"],
        ["Search", "Trash"],
        ["Settings"],
    ]
    assert labels(documents.menu(RU)) == [
        ["Добавить документ", "Мои документы"],
        ["Поиск", "Корзина"],
        ["Настройки"],
    ]


def test_commands_are_described_in_both_languages() -> None:
    assert list(documents.commands(EN)) == list(documents.commands(RU))
    assert documents.commands(EN) != documents.commands(RU)


def test_types_show_how_many_documents_are_under_them() -> None:
    screen = documents.type_list(types_page(2, 2), documents.TypesButton(), EN)
    assert labels(screen) == [["🏥 Type 1 (1)"], ["🏥 Type 2 (2)"], ["Back"]]


@pytest.mark.parametrize(
    ("offset", "turns"), [(0, [["›"]]), (10, [["‹", "›"]]), (20, [["‹"]])], ids=str
)
def test_pages_turn_both_ways_where_there_is_a_way(offset: int, turns: list[list[str]]) -> None:
    at = documents.TypesButton(offset=offset)
    assert labels(documents.type_list(types_page(0, 25), at, EN))[:-1] == turns
    here = documents.TypeButton(type_id=3, offset=offset)
    listed = labels(documents.document_list(documents_page(0, 25), here, EN))
    assert listed[:-2] == turns


def test_a_page_that_fits_has_nothing_to_turn() -> None:
    screen = documents.document_list(documents_page(10, 10), documents.TypeButton(type_id=3), EN)
    assert labels(screen) == [
        *([f"Test {n}"] for n in range(1, 11)),
        ["Download all"],
        ["Edit type", "Back"],
    ]
    assert screen.text == "<b>🏥 &lt;Medical&gt;</b>: 1 to 10 of 10"


@pytest.mark.parametrize("say", [EN, RU], ids=["en", "ru"])
def test_empty_lists_say_how_to_begin(say: Texts) -> None:
    begin = say.plain("Add document")
    types = documents.type_list(types_page(0, 0), documents.TypesButton(), say)
    under = documents.document_list(documents_page(0, 0), documents.TypeButton(type_id=3), say)
    assert begin in labels(types)[0]
    assert begin in labels(under)[0]


@pytest.mark.parametrize(
    ("language", "added"), [("en", "added 21 Nov 2026 14:05"), ("ru", "добавлено 21 нояб. 2026")]
)
def test_a_document_is_its_file_with_what_can_be_done_to_it(language: Language, added: str) -> None:
    screen = documents.document(found_document(), "Europe/Moscow", texts(language))
    assert screen.media == Media(kind="document", file_id="file-1")
    assert added in screen.text
    rename, move, delete = (button.action for button in screen.buttons[0])
    assert documents.MoveButton.unpack(move) == documents.MoveButton(document_id=7, version=2)
    assert documents.RenameButton.unpack(rename) == documents.RenameButton(document_id=7, version=2)
    assert documents.DeleteButton.unpack(delete) == documents.DeleteButton(document_id=7, version=2)


def test_a_saved_document_is_named() -> None:
    event = DocumentAdded(person_id=1, document_id=7, type_id=3, type_name="Medical", name="A&B")
    screen = documents.document_added(event, EN)
    assert "Saved" in screen.text
    assert "A&amp;B" in screen.text


def test_a_deletion_can_be_undone() -> None:
    event = DocumentDeleted(person_id=1, document_id=7, name="Test")
    assert action(documents.document_deleted(event, EN), "Undo") == "undo:7"


def found_document() -> Document:
    return msgspec.convert(
        {
            "type": "Document",
            "document_id": 7,
            "version": 2,
            "type_id": 3,
            "type_name": "Medical",
            "name": "Test",
            "note": "",
            "added_at": MOMENT,
            "number": 1,
            "current": 1,
            "versioned_at": MOMENT,
            "files": [
                {
                    "upload_id": "documents-1-1",
                    "kind": "document",
                    "file_id": "file-1",
                    "file_name": "test.pdf",
                    "size": 10,
                    "sha256": "0" * 64,
                }
            ],
        },
        Document,
    )
