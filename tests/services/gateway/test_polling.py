"""Polling a real Bot API into a real stream."""

import asyncio
import io
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import msgspec
from aiohttp import web

from services.gateway.polling import poll, poll_all
from services.gateway.service import Updates
from switchboard.local.servers import LocalServers
from telegram_api.client import Bots
from tests.bus.waiting import eventually
from tests.services.gateway.publishers import Dying, HeldUp, Refused, Watched
from tests.services.gateway.stream import UpdateStream, running
from tests.telegram_api.peer import ANNA, BORIS, TOKENS, Peer, bots_of


def events(written: io.StringIO, *names: str) -> list[dict[str, Any]]:
    """Return the log lines of the events named."""
    lines = [json.loads(line) for line in written.getvalue().splitlines()]
    return [line for line in lines if line["event"] in names]


async def test_updates_are_stored_in_order_under_their_chat(
    peer: Peer, bots: Bots, updates: Updates, stream: UpdateStream
) -> None:
    for number in range(20):
        await peer.says(f"text {number}")
    async with running(poll("documents", bots["documents"], updates)):
        stored = await stream.first(21)
    assert [update.text for update in stored] == ["/start", *(f"text {n}" for n in range(20))]
    assert {update.subject.split(".", 2)[2] for update in stored} == {f"documents.{ANNA}"}


async def test_each_bot_is_polled(
    peer: Peer, bots: Bots, updates: Updates, stream: UpdateStream
) -> None:
    await peer.says("/start", bot="calendar")
    async with running(poll_all(bots, updates)):
        stored = await stream.first(2)
    assert {update.subject.split(".")[2] for update in stored} == {"documents", "calendar"}


async def test_nothing_is_confirmed_before_the_stream_has_it(
    peer: Peer, bots: Bots, updates: Updates, stream: UpdateStream, nats: LocalServers
) -> None:
    watched = Watched(updates)
    await nats.stop("nats")
    try:
        async with running(poll("documents", bots["documents"], watched)):
            async with asyncio.timeout(60):
                await watched.asked.wait()
            assert await peer.pending_updates() == 1
    finally:
        await nats.start("nats")
    # The gateway was stopped and comes back: Telegram still has the update.
    async with running(poll("documents", bots["documents"], updates)):
        assert [update.text for update in await stream.first(1)] == ["/start"]


async def test_an_update_that_comes_twice_is_stored_once(
    peer: Peer, bots: Bots, updates: Updates, stream: UpdateStream
) -> None:
    await peer.says("last")
    dying = Dying(updates)
    async with running(poll("documents", bots["documents"], dying)):
        assert [update.text for update in await stream.first(2)] == ["/start", "last"]
    assert dying.died
    assert await stream.count() == 2


async def test_updates_out_of_order_are_neither_mixed_up_nor_lost(
    peer: Peer, bots: Bots, updates: Updates, stream: UpdateStream
) -> None:
    for number in range(10):
        await peer.says(f"text {number}")
    await peer.fails(method="getUpdates", shuffle=1, times=2)
    async with running(poll("documents", bots["documents"], Dying(updates))):
        stored = await stream.first(11)
    assert [update.text for update in stored] == ["/start", *(f"text {n}" for n in range(10))]


async def test_chats_do_not_wait_for_each_other_and_nothing_is_confirmed_too_early(
    peer: Peer, bots: Bots, updates: Updates, stream: UpdateStream
) -> None:
    await peer.says("/start", person=BORIS)
    await peer.says("after Boris")
    held = HeldUp(updates, BORIS)
    async with running(poll("documents", bots["documents"], held)):
        assert [update.text for update in await stream.first(2)] == ["/start", "after Boris"]
        assert await peer.pending_updates() == 3
        held.let_go.set()

        async def is_confirmed() -> bool:
            return await peer.pending_updates() == 0

        await eventually(is_confirmed)
    assert await stream.count() == 3


async def test_a_bus_that_was_away_for_long_is_not_waited_for_once_it_is_back(
    peer: Peer, bots: Bots, updates: Updates, stream: UpdateStream, written: io.StringIO
) -> None:
    async with running(poll("documents", bots["documents"], Refused(updates, attempts=8))):
        assert [update.text for update in await stream.first(1)] == ["/start"]
    (said,) = events(written, "gateway.update_not_published", "gateway.failed")
    assert (said["event"], said["level"]) == ("gateway.update_not_published", "warning")


async def test_a_webhook_is_taken_back_before_polling(
    peer: Peer, bots: Bots, updates: Updates, stream: UpdateStream
) -> None:
    await bots["documents"].set_webhook("http://127.0.0.1:1/nobody")
    async with running(poll("documents", bots["documents"], updates)):
        assert [update.text for update in await stream.first(1)] == ["/start"]
    assert (await bots["documents"].get_webhook_info()).url == ""


async def test_a_refused_token_is_said_once_and_stops_nobody_else(
    peer: Peer, updates: Updates, stream: UpdateStream, written: io.StringIO
) -> None:
    await peer.fails(method="*", bot="documents", code=401, times=2)
    await peer.says("/start", bot="calendar")
    async with bots_of(peer.url, patience=0) as bots, running(poll_all(bots, updates)):
        stored = await stream.first(2)
    assert [update.subject.split(".")[2] for update in stored] == ["calendar", "documents"]
    (said,) = events(written, "gateway.token_refused")
    assert said["app"] == "documents"
    assert said["level"] == "error"
    assert len(events(written, "gateway.resumed")) == 1


async def test_a_second_poller_is_said_once(
    peer: Peer, updates: Updates, stream: UpdateStream, written: io.StringIO
) -> None:
    await peer.fails(method="getUpdates", code=409, times=2)
    async with (
        bots_of(peer.url, patience=0) as bots,
        running(poll("documents", bots["documents"], updates)),
    ):
        await stream.first(1)
    (said,) = events(written, "gateway.conflicted")
    assert "other getUpdates request" in said["reason"]


async def test_trouble_is_outlasted_and_gives_no_token_away(
    peer: Peer, updates: Updates, stream: UpdateStream, written: io.StringIO
) -> None:
    for fault in ({"code": 502}, {"retry_after": 1}, {"disconnect": True}):
        await peer.fails(method="getUpdates", **fault)
    async with (
        bots_of(peer.url, patience=0) as bots,
        running(poll("documents", bots["documents"], updates)),
    ):
        await stream.first(1)
    assert len(events(written, "gateway.telegram_away")) == 1
    assert TOKENS["documents"].partition(":")[2] not in written.getvalue()


@asynccontextmanager
async def telegram_of(*updates: dict[str, Any]) -> AsyncIterator[str]:
    """Run a Bot API that has these updates, and gives them until they are confirmed."""

    async def answer(request: web.Request) -> web.Response:
        if request.match_info["method"] != "getUpdates":
            return web.json_response({"ok": True, "result": True})
        offset = int(str((await request.post()).get("offset", 0)))
        left = [update for update in updates if update["update_id"] >= offset]
        return web.json_response({"ok": True, "result": left})

    application = web.Application()
    application.router.add_post("/bot{token}/{method}", answer)
    runner = web.AppRunner(application)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    yield f"http://127.0.0.1:{runner.addresses[0][1]}"
    await runner.cleanup()


OF_TOMORROW = {
    "update_id": 7,
    "message": {"chat": {"id": ANNA}, "text": "Привет", "hologram": {"depth": 1.5}},
    "mood": ["new"],
}


async def test_what_our_libraries_do_not_know_is_kept(
    updates: Updates, stream: UpdateStream
) -> None:
    async with (
        telegram_of(OF_TOMORROW) as tomorrow,
        bots_of(tomorrow) as bots,
        running(poll("documents", bots["documents"], updates)),
    ):
        (stored,) = await stream.first(1)
    assert msgspec.json.decode(stored.body) == OF_TOMORROW
    assert stored.message_id.startswith("documents-7-")


async def test_one_that_cannot_be_read_holds_up_none_of_those_behind_it(
    updates: Updates, stream: UpdateStream, written: io.StringIO
) -> None:
    halved = {"update_id": 4, "message": {"chat": {"id": ANNA}, "date": 1, "text": "\ud83d lost"}}
    nobodys = {"update_id": 5, "message": {"chat": {"id": "@somewhere"}, "text": "lost"}}
    undated = {"update_id": 6, "message": {"chat": {"id": ANNA}, "date": "today", "text": "lost"}}
    async with (
        telegram_of(halved, nobodys, undated, OF_TOMORROW) as telegram,
        bots_of(telegram) as bots,
        running(poll("documents", bots["documents"], updates)),
    ):
        (stored,) = await stream.first(1)
    assert msgspec.json.decode(stored.body) == OF_TOMORROW
    said = events(written, "gateway.update_malformed", "gateway.failed")
    assert [(line["event"], line["update_id"]) for line in said] == [
        ("gateway.update_malformed", 4),
        ("gateway.update_malformed", 5),
        ("gateway.update_malformed", 6),
    ]
