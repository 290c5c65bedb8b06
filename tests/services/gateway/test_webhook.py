"""Webhooks into a real stream."""

import asyncio
import io
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

import msgspec
import pytest
import pytest_asyncio
from aiohttp import ClientSession
from aiohttp.test_utils import TestServer, unused_port
from pydantic import SecretStr

from services.gateway.service import Updates
from services.gateway.updates import UpdatePublisher
from services.gateway.webhook import BODY_LIMIT, SECRET_HEADER, serve_webhooks, webhook_application
from services.settings import GatewaySettings, read_settings
from switchboard.keys import new_seed
from switchboard.local.servers import LocalServers
from telegram_api.client import Bots
from tests.services.gateway.publishers import Refused
from tests.services.gateway.stream import UpdateStream, running
from tests.services.gateway.test_updates import UNDATED
from tests.telegram_api.peer import ANNA, TOKENS, Peer

SECRET = "a-secret-of-at-least-32-characters"
UPDATE = {"update_id": 7, "message": {"chat": {"id": ANNA}, "text": "Hello", "unknown": 1}}


@dataclass(frozen=True)
class Caller:
    """Somebody who calls the gateway as Telegram does."""

    http: ClientSession
    url: str

    async def posts(self, body: bytes, app: str = "documents", secret: str | None = SECRET) -> int:
        """Post a body and return the answer's status."""
        headers = {} if secret is None else {SECRET_HEADER: secret}
        address = f"{self.url}/telegram/{app}"
        async with self.http.post(address, data=body, headers=headers) as response:
            return response.status


@pytest_asyncio.fixture
async def caller(bots: Bots, updates: Updates) -> AsyncIterator[Caller]:
    """A caller of a gateway that listens on a free port."""
    async with calling(bots, updates) as caller:
        yield caller


@asynccontextmanager
async def calling(bots: Bots, publisher: UpdatePublisher) -> AsyncIterator[Caller]:
    """Call a gateway whose updates go to this publisher."""
    application = webhook_application(bots.by_app, SecretStr(SECRET), publisher)
    async with TestServer(application) as server, ClientSession() as http:
        yield Caller(http, str(server.make_url("")).rstrip("/"))


async def test_an_update_is_taken_once_the_stream_has_it(
    caller: Caller, stream: UpdateStream
) -> None:
    body = msgspec.json.encode(UPDATE)
    assert await caller.posts(body) == 200
    assert await stream.count() == 1
    (stored,) = await stream.first(1)
    assert stored.body == body
    assert stored.message_id.startswith("documents-7-")
    assert stored.subject.endswith(f".documents.{ANNA}")


@pytest.mark.parametrize("secret", [None, "", "wrong", SECRET + "x", "пароль"])
async def test_without_the_secret_nothing_is_taken(
    caller: Caller, stream: UpdateStream, secret: str | None
) -> None:
    assert await caller.posts(msgspec.json.encode(UPDATE), secret=secret) == 403
    assert await stream.count() == 0


async def test_a_bot_that_is_not_served_is_not_found(caller: Caller) -> None:
    assert await caller.posts(msgspec.json.encode(UPDATE), app="nobody") == 404


@pytest.mark.parametrize("body", [b"", b"[]", b"{}", b"no json", b'{"update_id": null}', UNDATED])
async def test_what_is_no_update_is_refused(
    caller: Caller, stream: UpdateStream, body: bytes
) -> None:
    assert await caller.posts(body) == 400
    assert await stream.count() == 0


async def test_a_body_beyond_the_limit_is_refused(caller: Caller) -> None:
    assert await caller.posts(b" " * (BODY_LIMIT + 1)) == 413


async def test_without_the_stream_telegram_is_told_to_come_again(
    caller: Caller,
    stream: UpdateStream,
    nats: LocalServers,
    written: io.StringIO,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("services.gateway.service.PUBLISH_DEADLINE", 0.5)
    body = msgspec.json.encode(UPDATE)
    await nats.stop("nats")
    try:
        assert await caller.posts(body) == 503
    finally:
        await nats.start("nats")
    monkeypatch.undo()
    assert await caller.posts(body) == 200
    assert await stream.count() == 1
    lines = [json.loads(line) for line in written.getvalue().splitlines()]
    (failed,) = [line for line in lines if line["event"] == "gateway.update_not_published"]
    (taken,) = [line for line in lines if line["event"] == "update.published"]
    assert taken["outcome"] in {"taken", "known before"}
    assert taken["duration"] > 0
    for line in (failed, taken):
        assert (line["app"], line["kind"]) == ("documents", "message")
        assert line["message_id"].startswith("documents-")
    assert TOKENS["documents"].partition(":")[2] not in written.getvalue()


async def test_an_answer_of_the_bus_that_cannot_be_read_is_no_fault_of_the_update(
    bots: Bots, updates: Updates, stream: UpdateStream
) -> None:
    garbled = Refused(updates, attempts=1, error=msgspec.ValidationError("Expected `object`"))
    async with calling(bots, garbled) as caller:
        assert await caller.posts(msgspec.json.encode(UPDATE)) == 503
        assert await caller.posts(msgspec.json.encode(UPDATE)) == 200
    assert await stream.count() == 1


async def test_telegram_delivers_to_the_address_it_was_told(
    peer: Peer,
    bots: Bots,
    updates: Updates,
    stream: UpdateStream,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    address = f"http://127.0.0.1:{unused_port()}"
    for name, value in listening_at(address).items():
        monkeypatch.setenv(name, value)
    settings = read_settings(GatewaySettings)
    listening = asyncio.Event()
    async with running(serve_webhooks(bots, settings, updates, listening)):
        assert [update.text for update in await stream.first(1)] == ["/start"]
        assert listening.is_set()
    info = await bots["documents"].get_webhook_info()
    assert info.url == f"{address}/telegram/documents"


def listening_at(address: str) -> dict[str, str]:
    """Return the settings of a gateway whose public address is the one it listens at."""
    return {
        "APPS": "documents",
        "BOT_TOKENS": json.dumps(TOKENS),
        "TELEGRAM_MODE": "webhook",
        "WEBHOOK_URL": f"{address}/",
        "WEBHOOK_SECRET": SECRET,
        "GATEWAY_PORT": address.rpartition(":")[2],
        "NATS_URL": "nats://127.0.0.1",
        "NATS_SEED_GATEWAY": new_seed(),  # not used: the publisher is given
    }
