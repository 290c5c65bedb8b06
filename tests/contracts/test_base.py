"""Names, subjects, outcomes and replies are derived from classes alone."""

import pytest

from contracts.base import (
    Command,
    Event,
    Message,
    Query,
    Reply,
    UnsupportedMessageError,
    app_of,
    kind_of,
    name_of,
    outcomes_of,
    reply_of,
    subject_of,
)
from contracts.documents import (
    AddType,
    DocumentPage,
    GetDocument,
    ListDocuments,
    ListTypes,
    Missing,
    TypeAdded,
    TypePage,
    TypeRefused,
)
from contracts.people import PersonErased, RememberPerson
from contracts.screens import Button


def test_a_message_says_its_kind_its_app_and_its_name() -> None:
    assert [kind_of(each) for each in (AddType, TypeAdded, ListTypes, TypePage)] == [
        "command",
        "event",
        "query",
        "reply",
    ]
    assert app_of(PersonErased) == "people"
    assert name_of(GetDocument) == "get_document"
    assert subject_of(AddType) == "command.documents.add_type"


def test_a_command_says_its_outcomes() -> None:
    assert outcomes_of(AddType) == (TypeAdded, TypeRefused)
    assert [each.__name__ for each in outcomes_of(RememberPerson)] == ["PersonRemembered"]


def test_a_query_says_its_reply() -> None:
    assert reply_of(ListTypes) is TypePage
    assert reply_of(ListDocuments) == DocumentPage | Missing


class Stray(Event, frozen=True, kw_only=True):
    """An event outside of contracts/."""


class Shapeless(Message, frozen=True, kw_only=True):
    """A message of no kind."""


def test_what_does_not_live_in_contracts_has_no_subject() -> None:
    with pytest.raises(UnsupportedMessageError, match="Stray does not live in contracts/"):
        subject_of(Stray)


def test_what_is_of_no_kind_has_no_subject() -> None:
    with pytest.raises(UnsupportedMessageError, match="Shapeless is of no kind that travels"):
        subject_of(Shapeless)


def test_a_command_or_query_without_its_outcome_is_refused() -> None:
    with pytest.raises(UnsupportedMessageError, match=r"Command must name its Command\[\.\.\.\]"):
        outcomes_of(Command)
    with pytest.raises(UnsupportedMessageError, match=r"Query must name its Query\[\.\.\.\]"):
        reply_of(Query)
    assert issubclass(Reply, Message)


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ({}, "needs either an action or a url"),
        ({"action": "a", "url": "https://t.me"}, "needs either an action or a url"),
        ({"action": "я" * 33}, "over 64 bytes"),
    ],
)
def test_a_button_that_telegram_would_refuse_is_none(fields: dict[str, str], reason: str) -> None:
    with pytest.raises(ValueError, match=reason):
        Button(text="Open", **fields)
