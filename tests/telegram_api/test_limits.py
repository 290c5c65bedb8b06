"""Limits around real calls: two copies of a service, one Redis, one Telegram."""

import asyncio
import io
import time
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import dataclass

import pytest
import pytest_asyncio
from aiogram.methods import (
    AnswerCallbackQuery,
    CopyMessage,
    DeleteMessage,
    EditMessageText,
    ForwardMessage,
    GetMe,
    SendChatAction,
    SendMessage,
    TelegramMethod,
)
from prometheus_client import CollectorRegistry
from redis.asyncio import Redis

from contracts.screens import Screen
from switchboard.local.servers import LocalServers
from telegram_api import limits, show
from telegram_api.calling import patience, urgent_as
from telegram_api.client import Bots
from telegram_api.errors import Held
from telegram_api.limits import RateLimits, counts
from telegram_api.rates import GROUP
from tests.sources import place, sources
from tests.telegram_api.peer import ANNA, TOKENS, Peer, bots_of

HELLO = Screen(text="Hello")
TO_GROUP = SendMessage(chat_id=-1001234567890, text="Hello")


@dataclass(frozen=True)
class Copy:
    """A copy of a service: its bots, and what it counts."""

    bots: Bots
    registry: CollectorRegistry

    async def send(self, chat_id: int = ANNA) -> None:
        """Send a message by the documents bot."""
        await show.send(self.bots["documents"], chat_id, HELLO)

    def counted(self, metric: str, **labels: str) -> float:
        """Return what a metric says."""
        return self.registry.get_sample_value(metric, labels) or 0.0


@pytest_asyncio.fixture(loop_scope="session")
async def copies(peer: Peer, servers: LocalServers) -> AsyncIterator[list[Copy]]:
    """Two copies that keep to the same limits, with nothing sent yet."""
    async with AsyncExitStack() as stack:
        made = []
        for user in ("BOT", "NOTIFIER"):
            redis = Redis.from_url(servers.environment[f"{user}_REDIS_URL"], socket_timeout=30)
            stack.push_async_callback(redis.aclose)
            copy = Copy(await stack.enter_async_context(bots_of(peer.url)), CollectorRegistry())
            copy.bots.keep_to(RateLimits(redis, copy.registry))
            made.append(copy)
        bot_id = made[0].bots["documents"].id
        async with Redis.from_url(servers.environment["REDIS_URL"]) as operator:
            used = [key async for key in operator.scan_iter(f"rate:{bot_id}*")]
            if used:
                await operator.delete(*used)
        yield made


async def test_what_telegram_told_one_copy_every_copy_obeys(peer: Peer, copies: list[Copy]) -> None:
    await peer.fails(method="sendMessage", retry_after=2)
    with pytest.raises(Held), patience(0.5):
        await copies[0].send()
    await copies[1].send()
    refused, sent = await peer.calls("sendMessage")
    assert sent["at"] - refused["at"] >= 1.9
    assert copies[0].counted("telegram_holds_total", scope="chat") == 1


async def test_a_turn_that_comes_too_late_is_said_without_a_call(
    peer: Peer, copies: list[Copy]
) -> None:
    await peer.fails(method="sendMessage", retry_after=30)
    for copy in copies:
        with pytest.raises(Held) as caught, patience(1):
            await copy.send()
        assert 25 < (caught.value.retry_after or 0) <= 30
    assert len(await peer.calls("sendMessage")) == 1


async def test_bulk_to_a_chat_leaves_room_for_an_answer(peer: Peer, copies: list[Copy]) -> None:
    with patience(0.2):
        with urgent_as("bulk"):
            await copies[1].send()
            with pytest.raises(Held):
                await copies[1].send()
        await copies[0].send()
    assert len(await peer.calls("sendMessage")) == 2


async def test_a_pressed_button_is_answered_though_its_chat_is_held(
    peer: Peer, copies: list[Copy]
) -> None:
    await peer.fails(method="sendMessage", retry_after=30)
    with patience(0):
        with pytest.raises(Held):
            await copies[0].send()
        await show.answer(copies[1].bots["documents"], "17")
    assert len(await peer.calls("answerCallbackQuery")) == 1


async def test_a_group_is_written_to_less_often(copies: list[Copy]) -> None:
    control, bot = copies[0].bots.flood_control, copies[0].bots["documents"]
    assert control.limits
    for _ in range(GROUP.burst):
        await control.limits.wait_for_turn(bot, TO_GROUP, time.monotonic() + 1)
    with pytest.raises(Held) as caught:
        await control.limits.wait_for_turn(bot, TO_GROUP, time.monotonic() + 0.1)
    assert caught.value.retry_after
    assert caught.value.retry_after <= GROUP.interval


def test_every_service_that_sends_keeps_to_the_limits() -> None:
    building = [file for file in sources() if "telegram_bots(" in file.read_text("utf-8")]
    sending = [file for file in building if place(file).startswith("services/")]
    without = [place(file) for file in sending if ".keep_to(" not in file.read_text("utf-8")]
    assert without == ["services/gateway/service.py"], "it asks for updates, and sends nothing"


async def test_waits_are_measured_by_urgency(copies: list[Copy]) -> None:
    with urgent_as("reminder"):
        await copies[0].send()
    waited = copies[0].counted("telegram_limit_wait_seconds_count", urgency="reminder")
    assert waited == 1


async def test_no_token_is_in_a_key(
    peer: Peer, copies: list[Copy], environment: dict[str, str]
) -> None:
    await peer.fails(method="sendMessage", retry_after=30)
    with pytest.raises(Held), patience(0):
        await copies[0].send()
    async with Redis.from_url(environment["REDIS_URL"]) as redis:
        keys = [key.decode() async for key in redis.scan_iter("rate:*")]
    assert len(keys) >= 2
    secret = TOKENS["documents"].partition(":")[2]
    assert not [key for key in keys if secret in key]


async def test_without_redis_calls_go_on_and_the_log_says_so_once(
    peer: Peer,
    copies: list[Copy],
    servers: LocalServers,
    written: io.StringIO,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(limits, "ALONE_SECONDS", 0.2)
    await servers.stop("redis")
    try:
        with pytest.raises(Held), patience(0), urgent_as("bulk"):
            await copies[0].send()
        for _ in range(2):
            await copies[0].send()
        assert len(await peer.calls("sendMessage")) == 2
        await peer.fails(method="sendMessage", retry_after=30)
        for _ in range(2):
            with pytest.raises(Held), patience(0):
                await copies[0].send()
    finally:
        await servers.start("redis")
    assert written.getvalue().count("limits.not_shared") == 1
    await peer.says("/start", bot="calendar")
    deadline = time.monotonic() + 60
    while "limits.shared_again" not in written.getvalue():
        assert time.monotonic() < deadline
        await show.send(copies[0].bots["calendar"], ANNA, HELLO)
        await asyncio.sleep(0.02)
    calls = [call for call in await peer.calls("sendMessage") if call["bot"] == "documents"]
    assert len(calls) == 3, "two sent, one refused, and none while the chat is held"


@pytest.mark.parametrize(
    ("method", "counted"),
    [
        (SendMessage(chat_id=ANNA, text="x"), True),
        (EditMessageText(chat_id=ANNA, message_id=1, text="x"), True),
        (CopyMessage(chat_id=ANNA, from_chat_id=1, message_id=1), True),
        (ForwardMessage(chat_id=ANNA, from_chat_id=1, message_id=1), True),
        (SendChatAction(chat_id=ANNA, action="typing"), False),
        (AnswerCallbackQuery(callback_query_id="1"), False),
        (DeleteMessage(chat_id=ANNA, message_id=1), False),
        (GetMe(), False),
    ],
    ids=lambda given: type(given).__name__,
)
def test_what_counts(method: TelegramMethod[object], counted: bool) -> None:
    assert counts(method) is counted


def test_what_many_were_told_is_taken_back_no_faster() -> None:
    assert counts(DeleteMessage(chat_id=ANNA, message_id=1), "bulk")
