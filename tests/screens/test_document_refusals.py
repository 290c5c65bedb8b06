"""Refusals of documents and types: words and a way on for each."""

from typing import Literal, get_args, get_type_hints

import pytest

from contracts.base import Language
from contracts.documents import (
    DocumentRefused,
    FoundDocument,
    SearchPage,
    TypeRefused,
)
from screens import documents, screen_of
from screens.forms import AgainButton, fingerprint
from screens.searching import FoundButton
from screens.texts import Texts, texts
from tests.screens.test_documents import EN, MOMENT, RU, action, labels

REFUSED_DOCUMENTS = get_args(get_type_hints(DocumentRefused)["reason"])
REFUSED_TYPES = get_args(get_type_hints(TypeRefused)["reason"])


def test_a_taken_name_leads_back_to_the_name_of_that_form() -> None:
    event = DocumentRefused(person_id=1, reason="name_taken", name="Test", type_name="Medical")
    screen = documents.document_refused(event, EN)
    again = AgainButton.unpack(action(screen, "Another name"))
    assert again == AgainButton(field="name", sign=fingerprint("Test"))


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
    screen = documents.found(page, FoundButton(form_id="f-1", offset=10), page.words, EN)
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
