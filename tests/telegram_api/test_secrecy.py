"""Whatever fails, the bot's token is in no log line, no span and no error shown to anybody."""

import io
import logging
import socket
import traceback

import pytest
import structlog
from aiogram.exceptions import TelegramAPIError
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from opentelemetry.trace import NoOpTracer
from prometheus_client import CollectorRegistry
from pydantic import SecretStr

from observability.calls import Calls
from telegram_api.client import telegram_bots
from telegram_api.download import download
from telegram_api.errors import TelegramAway
from tests.telegram_api.peer import ANNA, TOKENS, Peer, bots_of

TOKEN = TOKENS["documents"]
SECRET = TOKEN.partition(":")[2]


@pytest.mark.parametrize(
    "fault",
    [{"code": 500}, {"code": 401}, {"code": 404}, {"disconnect": True}, {"retry_after": 60}],
)
async def test_a_failing_call_keeps_the_token_to_itself(
    peer: Peer, written: io.StringIO, fault: dict[str, object]
) -> None:
    exporter = InMemorySpanExporter()
    provider = TracerProvider()
    provider.add_span_processor(SimpleSpanProcessor(exporter))
    tracer, tokens = provider.get_tracer("tests"), {"documents": SecretStr(TOKEN)}
    calls = Calls(CollectorRegistry())
    bot = telegram_bots(tokens, peer.url, tracer, calls, patience=0)["documents"]
    await peer.fails(method="sendMessage", **fault)
    async with bot.context():
        with pytest.raises(TelegramAPIError) as caught:
            await bot.send_message(ANNA, "Hello")
    assert SECRET not in str(caught.value)
    structlog.get_logger().error("call.failed", url=f"/bot{TOKEN}/x", exc_info=caught.value)
    logging.getLogger("aiohttp").error("failed at /bot%s/", TOKEN, exc_info=caught.value)
    spans = "".join(span.to_json() for span in exporter.get_finished_spans())
    assert "telegram sendMessage" in spans
    assert "error.type" in spans
    assert SECRET not in spans
    assert "call.failed" in written.getvalue()
    assert "failed at" in written.getvalue()
    assert SECRET not in written.getvalue()


async def test_a_failing_download_keeps_the_token_to_itself(
    peer: Peer, written: io.StringIO
) -> None:
    file_id = (await peer.uploads("a.txt", b"abc"))["file_id"]
    async with bots_of(peer.url) as bots:
        await peer.fails(method="download", code=500)
        with pytest.raises(TelegramAway) as caught:
            _ = [chunk async for chunk in download(bots["documents"], file_id)]
    assert SECRET not in "".join(traceback.format_exception(caught.value))


async def test_an_unreachable_telegram_keeps_the_token_to_itself() -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        address = f"http://127.0.0.1:{free.getsockname()[1]}"
    async with bots_of(address, patience=0) as bots:
        with pytest.raises(TelegramAway) as caught:
            await bots["documents"].get_me()
    assert SECRET not in "".join(traceback.format_exception(caught.value))


def test_a_malformed_token_is_named_by_its_app_only() -> None:
    with pytest.raises(ValueError, match="'documents'") as caught:
        telegram_bots(
            {"documents": SecretStr(SECRET)},
            "http://localhost",
            NoOpTracer(),
            Calls(CollectorRegistry()),
        )
    assert SECRET not in str(caught.value)
