"""Waiting when Telegram says so, and trying again where nobody sees it twice."""

import socket
import time

import pytest
from aiogram.exceptions import TelegramBadRequest

from contracts.screens import Screen
from telegram_api import show
from telegram_api.calling import patience
from telegram_api.client import Bots
from telegram_api.errors import Held, TelegramAway
from tests.telegram_api.peer import ANNA, Peer, bots_of

HELLO = Screen(text="Hello")


async def test_a_flood_wait_is_waited_out(peer: Peer, bots: Bots) -> None:
    await peer.fails(method="sendMessage", retry_after=1)
    began = time.monotonic()
    await show.send(bots["documents"], ANNA, HELLO)
    assert time.monotonic() - began >= 1
    assert len(await peer.calls("sendMessage")) == 2


async def test_a_flood_wait_beyond_the_patience_is_handed_to_the_caller(
    peer: Peer, bots: Bots
) -> None:
    await peer.fails(method="sendMessage", retry_after=30)
    with pytest.raises(Held) as caught:
        await show.send(bots["documents"], ANNA, HELLO)
    assert caught.value.retry_after == 30


async def test_who_calls_may_be_less_patient(peer: Peer, bots: Bots) -> None:
    await peer.fails(method="sendMessage", retry_after=3)
    with pytest.raises(Held), patience(1.0):
        await show.send(bots["documents"], ANNA, HELLO)
    assert len(await peer.calls("sendMessage")) == 1


async def test_a_harmless_call_is_tried_again_after_a_server_error(peer: Peer, bots: Bots) -> None:
    await peer.fails(method="getMe", code=502, times=2)
    await bots["documents"].get_me()
    assert len(await peer.calls("getMe")) == 3


@pytest.mark.parametrize("fault", [{"code": 500}, {"disconnect": True}])
async def test_a_message_of_unknown_fate_is_not_sent_again(
    peer: Peer, bots: Bots, fault: dict[str, object]
) -> None:
    await peer.fails(method="sendMessage", **fault)
    with pytest.raises(TelegramAway) as caught:
        await show.send(bots["documents"], ANNA, HELLO)
    assert caught.value.retry_after is None
    assert len(await peer.calls("sendMessage")) == 1


async def test_a_message_that_never_left_is_tried_until_patience_ends() -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        address = f"http://127.0.0.1:{free.getsockname()[1]}"
    async with bots_of(address, patience=1.2) as bots:
        began = time.monotonic()
        with pytest.raises(TelegramAway):
            await show.send(bots["documents"], ANNA, HELLO)
        assert 0.5 <= time.monotonic() - began < 30


async def test_a_refusal_is_not_tried_again(peer: Peer, bots: Bots) -> None:
    await peer.fails(method="editMessageText", code=400)
    with pytest.raises(TelegramBadRequest):
        await show.edit(bots["documents"], ANNA, 1, HELLO)
    assert len(await peer.calls("editMessageText")) == 1
