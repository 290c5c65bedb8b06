"""Messages as JSON: limits of the contract are checked on the way out, too."""

import pytest

from bus.encoding import decode, encode
from bus.errors import MalformedMessage
from contracts.documents import AddType, DeleteDocument, TypeAdded, TypeRefused


def test_a_message_is_compact_json_with_its_type_first() -> None:
    payload = encode(AddType(name="Паспорта"))
    assert payload.decode() == '{"type":"AddType","name":"Паспорта","emoji":""}'


@pytest.mark.parametrize(
    ("message", "reason"),
    [
        (AddType(name=""), "length >= 1"),
        (AddType(name="x" * 41), "length <= 40"),
        (AddType(name=" \t"), "matching regex"),
        (AddType(name="\ud800"), "surrogates"),
        (DeleteDocument(document_id=0, version=1), "`int` >= 1"),
        (DeleteDocument(document_id=2**63, version=1), "`int` <= 9223372036854775807"),
        (AddType(name=7), "Expected `str`, got `int`"),  # type: ignore[arg-type] # the point
    ],
)
def test_a_broken_limit_is_noticed_before_anything_is_published(
    message: AddType | DeleteDocument, reason: str
) -> None:
    with pytest.raises(MalformedMessage, match=reason):
        encode(message)


def test_a_union_is_told_apart_by_type() -> None:
    refused = TypeRefused(person_id=1, name="x", reason="name_taken")
    assert decode(TypeAdded | TypeRefused, encode(refused)) == refused


def test_a_field_of_a_later_version_is_passed_over() -> None:
    assert decode(AddType, b'{"type":"AddType","name":"x","colour":"red"}') == AddType(name="x")


@pytest.mark.parametrize(
    "payload",
    [b"", b"null", b"[]", b"\xff", b'{"type":"TypeAdded"}', b'{"type":"AddType","name":"\xff"}'],
)
def test_whatever_the_bytes_are_there_is_one_error(payload: bytes) -> None:
    with pytest.raises(MalformedMessage):
        decode(AddType, payload)
