"""A Telegram in the process of whoever measures: it sends updates and sees each answer come.

Updates are posted to the bot's webhooks in turn, as a balancer in front of its copies would do.
Every call is accepted at once, and what a chat shows is kept: its newest message with its buttons.
"""

import asyncio
import json
import time
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from hashlib import sha256
from itertools import count, cycle
from typing import Any

import aiohttp
import msgspec
from aiohttp import web

FILE_SIZE = 200
"""Bytes of each file that people send."""
SHOWN_WITHIN = 20.0
"""Seconds; generous, since a press that waits this long counts as failed."""


class NotShown(Exception):
    """What a person waits for has not come; the text says what the chat shows."""


@dataclass(frozen=True)
class Door:
    """Where a copy of a bot takes updates."""

    url: str
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(eq=False)
class Shown:
    """What a private chat shows: its newest message."""

    text: str = ""
    buttons: dict[str, str] = field(default_factory=dict)
    """Callback data by label."""
    message_id: int = 0
    awaited: "tuple[str, asyncio.Future[float]] | None" = None

    def becomes(self, text: str, markup: Any, message_id: int) -> None:
        """Take an accepted answer; whoever waits for it hears when it came."""
        keyboard = json.loads(markup) if isinstance(markup, str) else markup or {}
        rows = keyboard.get("inline_keyboard", [])
        self.buttons = {b["text"]: b.get("callback_data", "") for row in rows for b in row}
        self.text, self.message_id = text, message_id
        if self.awaited and (self.awaited[0] in text or self.button(self.awaited[0])):
            waiting = self.awaited[1]
            if not waiting.done():
                waiting.set_result(time.perf_counter())

    def button(self, label: str) -> str | None:
        """Return the data of the first button whose label begins like that."""
        found = (data for shown, data in self.buttons.items() if shown.startswith(label))
        return next(found, None)


class Telegram:
    """The Bot API of one bot, and its people's chats."""

    def __init__(self, url: str, http: aiohttp.ClientSession) -> None:
        self.url = url
        self.calls = 0
        """All calls of methods so far."""
        self._http = http
        self._chats: dict[int, Shown] = {}
        self._doors: cycle[Door] = cycle(())
        self._messages, self._updates = count(1), count(int(time.time()) % 10**7 * 100)

    def lead_to(self, doors: Sequence[Door]) -> None:
        """Send updates there from now on."""
        self._doors = cycle(doors)

    async def says(self, person: int, text: str, sees: str) -> float:
        """Write; return the milliseconds until the chat shows `sees`."""
        command = {"type": "bot_command", "offset": 0, "length": len(text)}
        entities = {"entities": [command]} if text.startswith("/") else {}
        return await self._act(person, lambda: _message(person, {"text": text, **entities}), sees)

    async def sends(self, person: int, sees: str) -> float:
        """Send a file of its own content."""
        name = f"{person}-{next(self._messages)}"
        file = {
            "file_id": name,
            "file_unique_id": name,
            "file_name": f"{name}.pdf",
            "mime_type": "application/pdf",
            "file_size": FILE_SIZE,
        }
        return await self._act(person, lambda: _message(person, {"document": file}), sees)

    async def presses(self, person: int, label: str, sees: str) -> float:
        """Press the button whose label begins like that."""
        shown = self._chat(person)
        data = shown.button(label)
        if data is None:
            raise NotShown(f"no button {label!r} below {shown.text!r}: {list(shown.buttons)}")
        return await self._act(person, lambda: _press(person, shown.message_id, data), sees)

    def has_button(self, person: int, label: str) -> bool:
        """Whether a chat's newest message has a button whose label begins like that."""
        return self._chat(person).button(label) is not None

    async def _act(self, person: int, update: Callable[[], dict[str, Any]], sees: str) -> float:
        chat = self._chat(person)
        waiting: asyncio.Future[float] = asyncio.get_running_loop().create_future()
        chat.awaited = (sees, waiting)
        body = msgspec.json.encode({"update_id": next(self._updates), **update()})
        began = time.perf_counter()
        try:
            async with asyncio.timeout(SHOWN_WITHIN):
                await self._post(next(self._doors), body)
                return (await waiting - began) * 1000
        except TimeoutError:
            raise NotShown(f"{sees!r}, but {chat.text!r} with {list(chat.buttons)}") from None
        finally:
            chat.awaited = None

    async def _post(self, door: Door, body: bytes) -> None:
        headers = {"Content-Type": "application/json", **door.headers}
        while True:
            async with self._http.post(door.url, data=body, headers=headers) as response:
                if response.status == 200:
                    return
            await asyncio.sleep(0.5)

    def _chat(self, person: int) -> Shown:
        return self._chats.setdefault(person, Shown())

    async def take(self, request: web.Request) -> web.Response:
        """Accept one call of a method."""
        self.calls += 1
        method, given = request.match_info["method"], await _given(request)
        if method in ("sendMessage", "editMessageText"):
            person = int(str(given["chat_id"]))
            message_id = int(str(given.get("message_id") or next(self._messages)))
            text, markup = str(given["text"]), given.get("reply_markup")
            self._chat(person).becomes(text, markup, message_id)
            return _done({**_shown(person, message_id), "text": text})
        if method == "getFile":
            name = str(given["file_id"])
            return _done({"file_id": name, "file_unique_id": name, "file_size": FILE_SIZE,
                          "file_path": name})  # fmt: skip
        if method == "getMe":
            bot = int(request.match_info["bot"])
            return _done({"id": bot, "is_bot": True, "first_name": "Bot", "username": "a_bot"})
        return _done(True)

    async def download(self, request: web.Request) -> web.Response:
        """Give the bytes of a file, which are always the same for its name."""
        digest = sha256(request.match_info["name"].encode()).digest()
        return web.Response(body=(digest * (FILE_SIZE // len(digest) + 1))[:FILE_SIZE])


async def _given(request: web.Request) -> dict[str, Any]:
    if request.content_type == "application/json":
        given: dict[str, Any] = msgspec.json.decode(await request.read())
        return given
    return dict(await request.post())


def _message(person: int, content: dict[str, Any]) -> dict[str, Any]:
    return {"message": {**_shown(person, 10**6), "from": _who(person), **content}}


def _press(person: int, message_id: int, data: str) -> dict[str, Any]:
    below = {**_shown(person, message_id), "text": "..."}
    pressed = {"id": f"{time.time_ns()}", "from": _who(person), "chat_instance": "1"}
    return {"callback_query": {**pressed, "data": data, "message": below}}


def _shown(person: int, message_id: int) -> dict[str, Any]:
    chat = {"id": person, "type": "private", "first_name": "Somebody"}
    return {"message_id": message_id, "date": int(time.time()), "chat": chat}


def _who(person: int) -> dict[str, Any]:
    return {"id": person, "is_bot": False, "first_name": "Somebody", "language_code": "en"}


def _done(result: Any) -> web.Response:
    body = msgspec.json.encode({"ok": True, "result": result})
    return web.Response(body=body, content_type="application/json")


@asynccontextmanager
async def telegram() -> AsyncIterator[Telegram]:
    """Serve one on a free port of this machine, until the block's end."""
    connector = aiohttp.TCPConnector(limit=0)
    async with aiohttp.ClientSession(connector=connector) as http:
        found = Telegram("", http)
        application = web.Application()
        application.router.add_post(r"/bot{bot:\d+}:{secret}/{method}", found.take)
        application.router.add_get(r"/file/bot{token}/{name}", found.download)
        runner = web.AppRunner(application, access_log=None)
        await runner.setup()
        try:
            await web.TCPSite(runner, "127.0.0.1", 0).start()
            found.url = f"http://127.0.0.1:{runner.addresses[0][1]}"
            yield found
        finally:
            await runner.cleanup()
