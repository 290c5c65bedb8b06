"""Every text is translated, and what people typed stays text."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.catalog import Message as Entry
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po

import screens
from screens.texts import KEYWORDS, LOCALES, texts

ROOT = Path(screens.__file__).parent.parent
PLACES = ("screens", "services/bot")

NOON = datetime(2026, 11, 21, 11, 5, tzinfo=UTC)


def used_in_code() -> set[str | tuple[str, ...]]:
    return {
        message if isinstance(message, str) else tuple(message)
        for place in PLACES
        for _, _, message, _, _ in extract_from_dir(ROOT / place, keywords=KEYWORDS)
    }


def russian() -> Catalog:
    with (LOCALES / "ru.po").open("rb") as file:
        return read_po(file, abort_invalid=True)


def entries() -> Iterator[Entry]:
    return (entry for entry in russian() if entry.id)


def placeholders(text: str) -> set[str]:
    return set(re.findall(r"{(\w+)}", text))


def test_every_text_is_translated_and_no_translation_is_left_over() -> None:
    assert {
        entry.id if isinstance(entry.id, str) else tuple(entry.id) for entry in entries()
    } == used_in_code()


def test_no_translation_is_empty_fuzzy_or_obsolete() -> None:
    unsure = [entry.id for entry in entries() if entry.fuzzy or not all(_forms(entry.string))]
    assert (unsure, dict(russian().obsolete)) == ([], {})


def test_translations_have_the_values_of_their_originals() -> None:
    for entry in entries():
        expected = set().union(*map(placeholders, _forms(entry.id)))
        for form in _forms(entry.string):
            assert placeholders(form) == expected, entry.id


def test_markup_is_the_same_in_translations() -> None:
    for entry in entries():
        tags = [re.findall(r"</?\w+>", form) for form in _forms(entry.id)]
        for form in _forms(entry.string):
            assert re.findall(r"</?\w+>", form) == tags[0], entry.id


@pytest.mark.parametrize("language", ["en", "ru"])
def test_what_people_typed_is_no_markup(language: str) -> None:
    say = texts("ru" if language == "ru" else "en")
    shown = say("Deleted: <b>{name}</b>", name='<a href="tg://x">&')
    assert shown.endswith("<b>&lt;a href=&quot;tg://x&quot;&gt;&amp;</b>")
    assert say.plain("Photo {moment}", moment="<b>").endswith("<b>")


def test_braces_that_people_typed_are_not_read_as_values() -> None:
    assert texts("en")("Deleted: <b>{name}</b>", name="{label}") == "Deleted: <b>{label}</b>"


def test_russian_counts_in_three_forms() -> None:
    one, many = "At least {n} character, please.", "At least {n} characters, please."
    assert texts("en").plural(one, many, 1) == "At least 1 character, please."
    assert texts("en").plural(one, many, 2) == "At least 2 characters, please."
    assert texts("ru").plural(one, many, 21) == "Не меньше 21 символа, пожалуйста."
    assert texts("ru").plural(one, many, 5) == "Не меньше 5 символов, пожалуйста."


def test_moments_are_told_by_the_clock_of_the_person() -> None:
    assert texts("en").moment(NOON, "Europe/Moscow") == "21 Nov 2026 14:05"
    assert texts("ru").moment(NOON, "Asia/Tokyo") == "21 нояб. 2026 20:05"


def _forms(text: str | list[str] | tuple[str, ...] | None) -> tuple[str, ...]:
    return (text,) if isinstance(text, str) else tuple(text or ("",))
