"""How forms look: the ways out, the limits in words, buttons that fit."""

from contracts.screens import Screen
from screens import forms
from screens.buttons import button
from screens.forms import Place
from screens.texts import texts

EN = texts("en")
PLACE = Place("documents-2147483647-1", 99)


def labels(screen: Screen) -> list[list[str]]:
    return [[pressed.text for pressed in row] for row in screen.buttons]


def test_the_longest_button_fits() -> None:
    action = button("x", PLACE.press("continue", 2**63 - 1)).action
    assert len(action.encode()) <= 64


def test_every_question_can_be_left() -> None:
    assert labels(forms.question("?", PLACE, EN, first=True)) == [["Cancel"]]
    assert labels(forms.question("?", PLACE, EN)) == [["Back", "Cancel"]]


def test_a_review_shows_every_answer_as_text() -> None:
    screen = forms.review({"File": "a.pdf", "Name": "<b>"}, PLACE, EN)
    assert labels(screen) == [["Save"], ["Back", "Cancel"]]
    assert "File: <b>a.pdf</b>\nName: <b>&lt;b&gt;</b>" in screen.text


def test_limits_are_told_with_their_numbers() -> None:
    assert forms.too_long(50, 40, EN) == "At most 40 characters, please; that was 50."
    assert forms.too_short(1, EN) == "At least 1 character, please."


def test_a_file_a_byte_too_large_does_not_read_as_if_it_fitted() -> None:
    limit = 20 * 2**20
    assert "has 20.1 MB" in forms.file_too_large(limit + 1, limit, EN)
    assert "at most 20 MB" in forms.file_too_large(limit + 1, limit, EN)


def test_a_button_back_to_a_refused_form_knows_it_by_an_answer() -> None:
    assert forms.again("Another name", "name", "Test").action.startswith("again:name:")
    assert forms.again("Choose", "type_id").action == "again:type_id:"
    longest = forms.again("Another name", "name", "я" * 128)
    assert len(longest.action) <= 64
