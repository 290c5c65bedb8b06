"""Headers: what is written is read again, and what has a foreign form is refused."""

import pytest

from bus import Actor, Envelope
from bus.envelope import read_envelope
from bus.errors import MalformedMessage

FULL = Envelope(
    message_id="documents-7-1",
    causation_id="documents-7",
    actor=Actor(1001, "documents"),
    chat=-1001234567890,
    locale="ru",
    asker="bot-A1b2",
)


def test_an_envelope_survives_its_headers() -> None:
    assert read_envelope(FULL.headers()) == FULL
    assert read_envelope(Envelope(message_id="x").headers()) == Envelope(message_id="x")


def test_only_what_is_known_becomes_a_header() -> None:
    assert Envelope(message_id="x").headers() == {"Message-Id": "x", "Locale": "en"}


def test_header_names_are_read_in_any_case() -> None:
    assert read_envelope({name.lower(): value for name, value in FULL.headers().items()}) == FULL


def test_what_a_message_causes_names_it_and_nobody_asks_for_it() -> None:
    caused = FULL.caused("documents-7-1-0")
    assert caused.message_id == "documents-7-1-0"
    assert caused.causation_id == FULL.message_id
    assert (caused.actor, caused.chat, caused.locale) == (FULL.actor, FULL.chat, FULL.locale)
    assert caused.asker == ""


def test_a_question_says_who_asks_and_nothing_of_a_chat() -> None:
    asked = FULL.question()
    assert asked == {"Message-Id": "documents-7-1-asked", "Actor": "1001@documents"}
    assert read_envelope(asked).actor == FULL.actor
    assert Envelope(message_id="ключ").question()["Message-Id"].isascii()


def test_headers_stay_ascii_on_one_line() -> None:
    written = Envelope(message_id="ключ\r\nForged: yes").headers()["Message-Id"]
    assert written.isascii()
    assert written.isprintable()


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("Message-Id", ""),
        ("Message-Id", "with space"),
        ("Message-Id", "wild.>"),
        ("Message-Id", "wild*"),
        ("Message-Id", "line%0D%0ANats-Msg-Id: x"),
        ("Message-Id", "ключ"),
        ("Message-Id", "%D0%BA"),
        ("Message-Id", "%FF"),
        ("Message-Id", "x" * 161),
        ("Causation-Id", "a.b"),
        ("Asker", ">"),
        ("Actor", "1001"),
        ("Actor", "@documents"),
        ("Actor", "1001@"),
        ("Actor", "1001@doc.uments"),
        ("Actor", "1001@документы"),
        ("Actor", "-5@documents"),
        ("Actor", "0@documents"),
        ("Actor", "٣@documents"),
        ("Actor", " 1001@documents"),
        ("Actor", "9" * 5000 + "@documents"),
        ("Actor", "1001@" + "x" * 65),
        ("Chat", "me"),
        ("Chat", "1_000"),
        ("Chat", "١٢"),
        ("Chat", "1e3"),
        ("Chat", "9" * 5000),
    ],
)
def test_hostile_headers_are_refused_by_name(name: str, value: str) -> None:
    with pytest.raises(MalformedMessage, match=f"header {name} is"):
        read_envelope({**FULL.headers(), name: value})


def test_an_unknown_locale_is_english() -> None:
    assert read_envelope({"Message-Id": "x", "Locale": "tlh"}).locale == "en"


def test_a_message_without_headers_is_refused() -> None:
    with pytest.raises(MalformedMessage, match="Message-Id is missing"):
        read_envelope(None)
