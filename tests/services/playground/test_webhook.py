"""Delivery to a webhook: a real server that notes what it is sent."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import Any

import aiohttp
import pytest
from aiohttp import web

from tests.services.playground.conftest import TOKENS
from tests.services.playground.person import Person

API = f"/bot{TOKENS['documents']}"
SECRET = "s3cret_of-the-test"


@dataclass
class Receiver:
    """What came in, and what to answer next (200 when nothing is planned)."""

    url: str = ""
    updates: asyncio.Queue[dict[str, Any]] = field(default_factory=asyncio.Queue)
    secrets: list[str | None] = field(default_factory=list)
    planned: list[web.Response] = field(default_factory=list)

    async def receive(self, request: web.Request) -> web.Response:
        self.secrets.append(request.headers.get("X-Telegram-Bot-Api-Secret-Token"))
        self.updates.put_nowait(await request.json())
        return self.planned.pop(0) if self.planned else web.Response()

    async def next_text(self) -> str:
        update = await asyncio.wait_for(self.updates.get(), 60)
        return str(update["message"]["text"])


@pytest.fixture
async def receiver() -> AsyncIterator[Receiver]:
    receiver = Receiver()
    app = web.Application()
    app.router.add_post("/hook", receiver.receive)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    receiver.url = f"http://127.0.0.1:{runner.addresses[0][1]}/hook"
    yield receiver
    await runner.cleanup()


async def _set_webhook(http: aiohttp.ClientSession, url: str) -> None:
    parameters = {"url": url, "secret_token": SECRET}
    async with http.post(f"{API}/setWebhook", json=parameters) as response:
        assert (await response.json())["result"] is True


async def _info(http: aiohttp.ClientSession) -> dict[str, Any]:
    async with http.get(f"{API}/getWebhookInfo") as response:
        info: dict[str, Any] = (await response.json())["result"]
        return info


async def test_updates_come_in_order_with_the_secret(
    http: aiohttp.ClientSession, anna: Person, receiver: Receiver
) -> None:
    await anna.says("waiting already")
    await _set_webhook(http, receiver.url)
    for text in ("one", "two", "three"):
        await anna.says(text)
    heard = [await receiver.next_text() for _ in range(4)]
    assert heard == ["waiting already", "one", "two", "three"]
    assert set(receiver.secrets) == {SECRET}


async def test_a_refused_update_comes_again_and_holds_up_its_chat_only(
    http: aiohttp.ClientSession, anna: Person, receiver: Receiver
) -> None:
    boris = Person(http, "documents", 1002)
    receiver.planned = [web.Response(status=500)]
    await _set_webhook(http, receiver.url)
    await anna.says("first")
    assert await receiver.next_text() == "first"
    await anna.says("second")
    await boris.says("unconcerned")
    heard = [await receiver.next_text() for _ in range(3)]
    assert heard == ["unconcerned", "first", "second"]
    info = await _info(http)
    assert info["last_error_message"].startswith("Wrong response from the webhook: 500")
    assert info["url"] == receiver.url


async def test_the_receiver_may_ask_to_wait(
    http: aiohttp.ClientSession, anna: Person, receiver: Receiver
) -> None:
    receiver.planned = [web.Response(status=503, headers={"Retry-After": "0"}) for _ in "12"]
    await _set_webhook(http, receiver.url)
    await anna.says("first")
    assert [await receiver.next_text() for _ in range(3)] == ["first"] * 3


async def test_the_answer_may_be_a_method_call(
    http: aiohttp.ClientSession, anna: Person, receiver: Receiver
) -> None:
    call = {"method": "sendMessage", "chat_id": anna.id, "text": "answered at once"}
    receiver.planned = [web.json_response(call)]
    await _set_webhook(http, receiver.url)
    await anna.says("hello")
    assert await anna.sees("answered at once")


async def test_what_was_not_delivered_can_be_polled(
    http: aiohttp.ClientSession, anna: Person
) -> None:
    await _set_webhook(http, "http://127.0.0.1:9/nobody-there")
    await anna.says("hello")
    assert (await _info(http))["pending_update_count"] == 1
    await http.post(f"{API}/deleteWebhook")
    async with http.get(f"{API}/getUpdates") as response:
        assert len((await response.json())["result"]) == 1


@pytest.mark.parametrize(
    ("parameters", "problem"),
    [
        ({"url": "nowhere"}, "invalid webhook URL specified"),
        ({"url": "https://x/", "secret_token": "no spaces"}, "contains unallowed characters"),
        ({"url": "https://x/", "secret_token": "x" * 257}, "secret token is too long"),
    ],
)
async def test_refused_webhooks(
    http: aiohttp.ClientSession, parameters: dict[str, str], problem: str
) -> None:
    async with http.post(f"{API}/setWebhook", json=parameters) as response:
        assert problem in (await response.json())["description"]


async def test_the_secret_is_not_shown(http: aiohttp.ClientSession, receiver: Receiver) -> None:
    await _set_webhook(http, receiver.url)
    async with http.get("/sim/outbox") as response:
        outbox = await response.text()
    assert SECRET not in outbox
    assert "setWebhook" in outbox
