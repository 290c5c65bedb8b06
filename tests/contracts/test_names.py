"""What may be the name of a document."""

import msgspec
import pytest

from contracts.documents import DocumentName


@pytest.mark.parametrize("name", ["Договор", "👨‍👩‍👧", "№ 5", "a"])
def test_what_can_be_seen_is_a_name(name: str) -> None:
    assert msgspec.convert(name, DocumentName) == name


@pytest.mark.parametrize("name", [" ", "\u200b\u200b", "\u2060", "\x00", "\ufe0f", "\u3164"])
def test_what_shows_nothing_is_no_name(name: str) -> None:
    with pytest.raises(msgspec.ValidationError):
        msgspec.convert(name, DocumentName)
