"""How calls are measured, and how files come down."""

import pytest
from opentelemetry.sdk.trace import TracerProvider
from prometheus_client import CollectorRegistry
from pydantic import SecretStr

from observability.calls import Calls
from telegram_api.client import Bots, telegram_bots
from telegram_api.download import download
from telegram_api.errors import Blocked, FileTooBig, TelegramAway, WrongFileId
from tests.telegram_api.peer import ANNA, TOKENS, Peer

CALLS = "integration_call_duration_seconds_count"
"""How many calls were timed."""


async def test_every_attempt_is_timed_and_each_failure_counted_by_its_code(peer: Peer) -> None:
    registry = CollectorRegistry()
    tokens = {app: SecretStr(token) for app, token in TOKENS.items()}
    tracer = TracerProvider().get_tracer("tests")
    bots = telegram_bots(tokens, peer.url, tracer, Calls(registry))
    await peer.fails(method="sendMessage", retry_after=1)
    file_id = (await peer.uploads("a.txt", b"abc"))["file_id"]
    try:
        await bots["documents"].send_message(ANNA, "Hello")
        _ = [chunk async for chunk in download(bots["documents"], file_id)]
        await peer.blocks()
        with pytest.raises(Blocked):
            await bots["documents"].send_message(ANNA, "Hello")
    finally:
        await bots.close()
    sent = {"target": "telegram", "operation": "sendMessage"}
    # Telegram is there, and says no: nothing to be woken for.
    assert registry.get_sample_value(CALLS, {**sent, "result": "refused"}) == 1
    assert registry.get_sample_value(CALLS, {**sent, "result": "failed"}) == 1
    assert registry.get_sample_value(CALLS, {**sent, "result": "ok"}) == 1
    came_down = {"target": "telegram", "operation": "download", "result": "ok"}
    assert registry.get_sample_value(CALLS, came_down) == 1
    refused = {"app": "documents", "method": "sendMessage", "code": "429"}
    assert registry.get_sample_value("telegram_errors_total", refused) == 1


async def test_a_file_comes_down_in_chunks_and_whole(peer: Peer, bots: Bots) -> None:
    content = bytes(range(256)) * 1000
    file_id = (await peer.uploads("a.bin", content))["file_id"]
    chunks = [chunk async for chunk in download(bots["documents"], file_id)]
    assert len(chunks) > 1
    assert b"".join(chunks) == content


async def test_a_lost_file_is_told_from_a_telegram_away(peer: Peer, bots: Bots) -> None:
    file_id = (await peer.uploads("a.txt", b"abc"))["file_id"]
    await peer.fails(method="download", code=503)
    with pytest.raises(TelegramAway):
        _ = [chunk async for chunk in download(bots["documents"], file_id)]
    await peer.loses(file_id)
    with pytest.raises(WrongFileId):
        _ = [chunk async for chunk in download(bots["documents"], file_id)]


async def test_a_file_that_telegram_holds_back_has_an_error_of_its_own(
    peer: Peer, bots: Bots
) -> None:
    file_id = (await peer.uploads("a.txt", b"abc"))["file_id"]
    await peer.fails(method="getFile", code=400, description="Bad Request: file is too big")
    with pytest.raises(FileTooBig):
        _ = [chunk async for chunk in download(bots["documents"], file_id)]
