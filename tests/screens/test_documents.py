"""What people see of their documents, in both languages."""

from datetime import UTC, datetime
from typing import Literal, get_args, get_type_hints

import msgspec
import pytest

from contracts.base import Language
from contracts.documents import (
    Document,
    DocumentAdded,
    DocumentDeleted,
    DocumentPage,
    DocumentRefused,
    DocumentSummary,
    DocumentType,
    FoundDocument,
    SearchPage,
    TypePage,
    TypeRefused,
)
from contracts.screens import Media, Screen
from screens import documents, screen_of
from screens.forms import AgainButton, fingerprint
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


def test_a_taken_name_leads_back_to_the_name_of_that_form() -> None:
    event = DocumentRefused(person_id=1, reason="name_taken", name="Test", type_name="Medical")
    screen = documents.document_refused(event, EN)
    again = AgainButton.unpack(action(screen, "Another name"))
    assert again == AgainButton(field="name", sign=fingerprint("Test"))


REFUSED_DOCUMENTS = get_args(get_type_hints(DocumentRefused)["reason"])
REFUSED_TYPES = get_args(get_type_hints(TypeRefused)["reason"])


@pytest.mark.parametrize("reason", REFUSED_DOCUMENTS)
@pytest.mark.parametrize("say", [EN, RU], ids=["en", "ru"])
def test_every_refusal_of_a_document_has_words_and_a_way_on(
    reason: Literal["name_taken"], say: Texts
) -> None:
    event = DocumentRefused(person_id=1, reason=reason, name="Test", document_id=7)
    screen = screen_of(event, say)
    assert screen is not None
    assert screen.text
    assert screen.buttons


@pytest.mark.parametrize("reason", REFUSED_TYPES)
def test_every_refusal_of_a_type_has_words_and_a_way_on(reason: Literal["name_taken"]) -> None:
    screen = screen_of(TypeRefused(person_id=1, name="Medical", reason=reason), EN)
    assert screen is not None
    assert screen.text
    assert labels(screen) == [["Choose the type"]]


@pytest.mark.parametrize(
    ("reason", "way_on"),
    [
        ("name_taken", "Another name"),
        ("changed_meanwhile", "Show it"),
        ("has_documents", "Show them"),
        ("has_trash", "Trash"),
        ("no_such_type", "My documents"),
    ],
)
@pytest.mark.parametrize("language", ["en", "ru"])
def test_a_type_that_stays_as_it_is_says_why_and_the_way_on(
    reason: Literal["name_taken"], way_on: str, language: Language
) -> None:
    say = texts(language)
    event = TypeRefused(person_id=1, name="<Medical>", reason=reason, type_id=3, documents=2)
    screen = documents.type_refused(event, say)
    assert "<Medical>" not in screen.text
    assert say.plain(way_on) in labels(screen)[0]


def test_documents_of_one_name_are_told_apart_by_their_types() -> None:
    found = tuple(
        FoundDocument(document_id=number, name=name, type_name=f"Type {number}")
        for number, name in enumerate(("Test", "test", "Other"), start=1)
    )
    page = SearchPage(words="t", documents=found, total=100, more=True)
    screen = documents.found(page, documents.FoundButton(form_id="f-1", offset=10), EN)
    assert labels(screen)[:3] == [["Test (Type 1)"], ["test (Type 2)"], ["Other"]]
    assert labels(screen)[3] == ["‹", "›"]
    assert "there are more" in screen.text


@pytest.mark.parametrize(
    ("count", "said"),
    [
        (0, "0 byte"),
        (1023, "1,023 byte"),
        (1536, "1.5 kB"),
        (2**30, "1 GB"),
        (2**60, "1,048,576 TB"),
    ],
)
def test_sizes_are_said_in_the_unit_that_suits_them(count: int, said: str) -> None:
    assert EN.size(count) == said


def test_hand_made_numbers_beyond_the_database_are_no_buttons() -> None:
    for made in ("undo:0", "undo:-1", f"undo:{2**63}", "undo:x"):
        with pytest.raises(ValueError, match="validation error"):
            documents.UndoButton.unpack(made)


def test_photos_are_named_by_the_clock_of_their_person() -> None:
    assert documents.photo_name(MOMENT, "Europe/Moscow", EN) == "Photo 21 Nov 2026 14.05"
    assert documents.photo_name(MOMENT, "Asia/Tokyo", RU) == "Фото 21 нояб. 2026 20.05"


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
