"""The playground as the other side: bots of ours talk to it, and a test plays the person."""

import base64
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from aiohttp import ClientSession, FormData
from opentelemetry.sdk.trace import TracerProvider
from prometheus_client import CollectorRegistry
from pydantic import SecretStr

from observability.calls import Calls
from services.playground import PlaygroundSettings, playground
from telegram_api.client import Bots, telegram_bots

ANNA, BORIS = 1001, 1002
TOKENS = {
    "documents": "1000001:AAEdocumentsTokenOfThirtyFiveChars1",
    "calendar": "1000002:AAEcalendarTokenOfThirtyFiveChars_2",
}


PNG = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJ"
    "AAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)
"""A picture of one pixel."""


@dataclass(frozen=True)
class Peer:
    """A running playground and the person Anna in front of it."""

    url: str
    http: ClientSession

    async def says(self, text: str, bot: str = "documents", person: int = ANNA) -> int:
        """Say a text and return the message's id."""
        return int((await self._post(f"chats/{bot}/{person}/say", {"text": text}))["message_id"])

    async def presses(self, button: str, bot: str = "documents") -> None:
        """Press a button by its label, without waiting for its answer."""
        await self._post(f"chats/{bot}/{ANNA}/press", {"button": button})

    async def uploads(self, name: str, content: bytes, kind: str = "document") -> dict[str, Any]:
        """Upload a file to the documents bot and return it as the chat shows it."""
        form = FormData({"as": kind})
        form.add_field("file", content, filename=name)
        address = f"{self.url}/sim/chats/documents/{ANNA}/upload"
        async with self.http.post(address, data=form) as response:
            message_id = (await response.json())["message_id"]
        messages = {message["id"]: message for message in await self.messages()}
        file: dict[str, Any] = messages[message_id]["file"]
        return file

    async def messages(self) -> list[dict[str, Any]]:
        """Return the messages of the chat with the documents bot, oldest first."""
        found: list[dict[str, Any]] = (await self._get(f"chats/documents/{ANNA}"))["messages"]
        return found

    async def downloads(self, message_id: int) -> bytes:
        """Return the bytes of the file in a message."""
        address = f"{self.url}/sim/chats/documents/{ANNA}/files/{message_id}"
        async with self.http.get(address) as response:
            return await response.read()

    async def calls(self, method: str) -> list[dict[str, Any]]:
        """Return the calls of a method so far, oldest first."""
        found: list[dict[str, Any]] = (await self._get(f"outbox?method={method}"))["calls"]
        return found

    async def pending_updates(self, bot: str = "documents") -> int:
        """Return how many updates wait unconfirmed."""
        bots = (await self._get("bots"))["bots"]
        return next(int(b["pending_updates"]) for b in bots if b["app"] == bot)

    async def fails(self, **fault: Any) -> None:
        """Order a fault, as docs/playground.md describes them."""
        await self._post("faults", fault)

    async def loses(self, file_id: str) -> None:
        """Make a file_id invalid."""
        await self._post("lost-files", {"file_id": file_id})

    async def blocks(self) -> None:
        """Stop the documents bot."""
        await self._post(f"chats/documents/{ANNA}/block", {})

    async def _post(self, path: str, body: dict[str, Any]) -> dict[str, Any]:
        async with self.http.post(f"{self.url}/sim/{path}", json=body) as response:
            answer: dict[str, Any] = await response.json()
            assert response.ok, answer
            return answer

    async def _get(self, path: str) -> dict[str, Any]:
        async with self.http.get(f"{self.url}/sim/{path}") as response:
            answer: dict[str, Any] = await response.json()
            assert response.ok, answer
            return answer


@asynccontextmanager
async def running_peer(directory: Path) -> AsyncIterator[Peer]:
    """Run a playground with the documents and the calendar bot; Anna has started the first."""
    settings = PlaygroundSettings(directory=directory, bots=TOKENS)
    async with playground(settings) as running, ClientSession() as http:
        peer = Peer(running.url, http)
        await peer.says("/start")
        yield peer


@asynccontextmanager
async def bots_of(api_url: str, patience: float = 5.0) -> AsyncIterator[Bots]:
    """Build our clients of the bots at an address."""
    tokens = {app: SecretStr(token) for app, token in TOKENS.items()}
    tracer = TracerProvider().get_tracer("tests")
    bots = telegram_bots(tokens, api_url, tracer, Calls(CollectorRegistry()), patience)
    try:
        yield bots
    finally:
        await bots.close()
