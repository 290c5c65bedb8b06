"""What the span of a call says: which messages came out of it, and nothing of what they say."""

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from aiogram import Bot
from opentelemetry.sdk.trace import ReadableSpan, TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from prometheus_client import CollectorRegistry
from pydantic import SecretStr

from observability.calls import Calls
from telegram_api.client import telegram_bots
from telegram_api.tracing import MESSAGE_IDS
from tests.telegram_api.peer import ANNA, TOKENS, Peer


@pytest.fixture
def exporter() -> InMemorySpanExporter:
    return InMemorySpanExporter()


@pytest_asyncio.fixture
async def bot(peer: Peer, exporter: InMemorySpanExporter) -> AsyncIterator[Bot]:
    provider = TracerProvider()
    provider.add_span_processor(SimpleSpanProcessor(exporter))
    tokens = {app: SecretStr(token) for app, token in TOKENS.items()}
    calls = Calls(CollectorRegistry())
    bots = telegram_bots(tokens, peer.url, provider.get_tracer("tests"), calls)
    yield bots["documents"]
    await bots.close()


def _last(exporter: InMemorySpanExporter) -> ReadableSpan:
    return exporter.get_finished_spans()[-1]


async def test_a_sent_an_edited_and_a_deleted_message_are_named(
    bot: Bot, exporter: InMemorySpanExporter
) -> None:
    message = await bot.send_message(ANNA, "a secret between us")
    for call in ("send", "edit", "delete"):
        if call == "edit":
            await bot.edit_message_text("another", chat_id=ANNA, message_id=message.message_id)
        if call == "delete":
            await bot.delete_message(ANNA, message.message_id)
        attributes = dict(_last(exporter).attributes or {})
        assert attributes[MESSAGE_IDS] == (message.message_id,)
        assert attributes["telegram.chat_id"] == ANNA
        assert attributes["switchboard.app"] == "documents"
        assert attributes["telegram.bot_id"] == bot.id
    assert "secret" not in "".join(span.to_json() for span in exporter.get_finished_spans())


async def test_a_call_without_a_message_names_none(
    bot: Bot, exporter: InMemorySpanExporter
) -> None:
    await bot.get_me()
    assert not {MESSAGE_IDS, "telegram.chat_id"} & set(_last(exporter).attributes or {})
