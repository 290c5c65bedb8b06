"""Which chat an update belongs to."""

import msgspec
import pytest

from contracts.updates import update_message_id
from services.gateway.updates import read_update

CHAT, SENDER = {"id": -100123, "type": "supergroup"}, {"id": 1001, "is_bot": False}

UNDATED = b'{"update_id": 7, "message": {"date": "today"}}'
"""Its number is there, and what else its id is made of is not."""


@pytest.mark.parametrize(
    ("update", "chat_id"),
    [
        ({"message": {"chat": CHAT, "from": SENDER, "text": "Hello"}}, -100123),
        ({"callback_query": {"from": SENDER, "message": {"chat": CHAT}}}, -100123),
        ({"callback_query": {"from": SENDER, "inline_message_id": "x"}}, 1001),
        ({"my_chat_member": {"chat": CHAT, "from": SENDER}}, -100123),
        ({"poll": {"id": "7"}}, 0),
        ({}, 0),
    ],
)
def test_an_update_belongs_to_a_chat(update: dict[str, object], chat_id: int) -> None:
    read = read_update("documents", msgspec.json.encode({"update_id": 7, **update}))
    assert (read.update_id, read.chat_id) == (7, chat_id)


@pytest.mark.parametrize(
    "body", [b"", b"[]", b"{}", b'{"update_id": "7"}', b'{"update_id": 7', UNDATED]
)
def test_what_is_no_update_is_refused(body: bytes) -> None:
    with pytest.raises(msgspec.MsgspecError):
        read_update("documents", body)


def test_updates_of_one_number_from_two_telegrams_have_two_ids() -> None:
    first = b'{"update_id": 7, "message": {"message_id": 1, "date": 1795248000, "text": "hi"}}'
    again = b'{"update_id": 7, "message": {"message_id": 1, "date": 1795248000, "text": "hi!"}}'
    other = b'{"update_id": 7, "message": {"message_id": 1, "date": 1795249000, "text": "hi"}}'
    assert update_message_id("documents", first) == update_message_id("documents", again)
    assert update_message_id("documents", first) != update_message_id("documents", other)


def test_presses_of_one_number_are_told_apart_by_the_message_they_are_on() -> None:
    press = (
        b'{"update_id": 7, "callback_query": {"id": "1", "message": {"message_id": 2, "date": %d}}}'
    )
    ids = {update_message_id("documents", press % date) for date in (1795248000, 1795249000)}
    assert len(ids) == 2
