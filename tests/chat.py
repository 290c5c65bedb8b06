"""A person in a chat with a bot: says, presses, sends, and sees what is new since then."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import aiohttp

SEES_WITHIN = 60.0
"""Seconds; generous, since a test that waits this long has failed anyway."""

Shown = dict[str, Any]


class NotSeen(AssertionError):
    """What should have appeared did not; the text is the whole chat."""


@dataclass
class Chat:
    """One person's chat with one bot, over the playground's /sim interface."""

    http: aiohttp.ClientSession
    app: str
    person_id: int
    _before: dict[int, Shown] = field(default_factory=dict)

    async def says(self, text: str) -> None:
        """Write a message to the bot."""
        await self._act("say", {"text": text})

    async def says_html(self, text: str) -> None:
        """Write a message with formatting."""
        await self._act("say", {"text": text, "html": True})

    async def forwards(self, text: str, author: int) -> None:
        """Send on what another person has written."""
        await self._act("forward", {"text": text, "person": author})

    async def shares_location(self, latitude: float, longitude: float) -> None:
        """Send a place, in degrees."""
        await self._act("location", {"latitude": latitude, "longitude": longitude})

    async def shares_contact(self, person_id: int) -> None:
        """Send another person's contact."""
        await self._act("contact", {"person": person_id})

    async def presses(self, button: str) -> None:
        """Press an inline button, on the newest message that has it."""
        await self._until(lambda shown: _button(shown, button))
        await self._act("press", {"button": button})

    async def sends(self, data: bytes, name: str, *, kind: str = "document") -> None:
        """Send a file, as document or as photo."""
        form = aiohttp.FormData(quote_fields=False)
        form.add_field("file", data, filename=name)
        form.add_field("as", kind)
        await self._remember()
        async with self.http.post(f"{self._path}/upload", data=form) as response:
            assert response.status == 200, await response.text()

    async def sends_album(self, files: dict[str, bytes], *, kind: str = "document") -> None:
        """Send several files at once, by their names."""
        form = aiohttp.FormData(quote_fields=False)
        for name, data in files.items():
            form.add_field("file", data, filename=name)
        form.add_field("as", kind)
        await self._remember()
        async with self.http.post(f"{self._path}/upload", data=form) as response:
            assert response.status == 200, await response.text()

    async def sees(self, text: str) -> Shown:
        """Return the newest message of the bot that holds `text` in its words or buttons."""
        return await self._until(lambda shown: text in shown["text"] or _button(shown, text))

    async def sees_new(self, text: str) -> Shown:
        """Like `sees`, among what has come or changed since the person's last act."""
        return await self._until(
            lambda shown: (
                (text in shown["text"] or _button(shown, text))
                and self._before.get(shown["id"]) != shown
            )
        )

    async def sees_new_one_of(self, *texts: str) -> Shown:
        """Like `sees_new`, where one of several texts may come."""
        return await self._until(
            lambda shown: (
                any(text in shown["text"] or _button(shown, text) for text in texts)
                and self._before.get(shown["id"]) != shown
            )
        )

    async def sees_toast(self, text: str) -> None:
        """Wait for a toast with `text`."""
        await self._wait(lambda chat: any(text in a["text"] for a in chat["callback_answers"]))

    async def receives(self, name: str) -> bytes:
        """Return the bytes of the newest file with this name that the bot has sent."""
        shown = await self._until(
            lambda shown: bool(shown["file"]) and shown["file"]["name"] == name
        )
        async with self.http.get(f"{self._path}/files/{shown['id']}") as response:
            assert response.status == 200, await response.text()
            return await response.read()

    async def sees_files(self, count: int) -> list[Shown]:
        """Return the bot's messages with a file, the newest last, once there are so many."""
        chat = await self._wait(lambda chat: len(_with_file(chat)) >= count)
        return _with_file(chat)

    async def count(self, text: str) -> int:
        """Return how many messages of the bot hold `text` now."""
        chat = await self._read()
        return sum(text in shown["text"] for shown in _from_bot(chat))

    async def blocks(self) -> None:
        """Block the bot."""
        await self._act("block", {})

    async def unblocks(self) -> None:
        """Let the bot write again."""
        await self._act("unblock", {})

    async def transcript(self) -> str:
        """Return the whole chat as text."""
        async with self.http.get(f"{self._path}.txt") as response:
            return await response.text()

    @property
    def _path(self) -> str:
        return f"/sim/chats/{self.app}/{self.person_id}"

    async def _act(self, action: str, body: dict[str, Any]) -> None:
        await self._remember()
        async with self.http.post(f"{self._path}/{action}", json=body) as response:
            assert response.status == 200, await response.text()

    async def _remember(self) -> None:
        self._before = {shown["id"]: shown for shown in (await self._read())["messages"]}

    async def _until(self, wanted: Callable[[Shown], bool]) -> Shown:
        chat = await self._wait(lambda chat: any(wanted(shown) for shown in _from_bot(chat)))
        return [shown for shown in _from_bot(chat) if wanted(shown)][-1]

    async def _wait(self, holds: Callable[[dict[str, Any]], bool]) -> dict[str, Any]:
        try:
            async with asyncio.timeout(SEES_WITHIN):
                chat = await self._read()
                while not holds(chat):
                    chat = await self._read(after=chat["revision"])
                return chat
        except TimeoutError:
            raise NotSeen(f"\n{await self.transcript()}") from None

    async def _read(self, after: int | None = None) -> dict[str, Any]:
        query = {} if after is None else {"after": str(after), "timeout": str(SEES_WITHIN)}
        async with self.http.get(self._path, params=query) as response:
            assert response.status == 200, await response.text()
            chat: dict[str, Any] = await response.json()
            return chat


def _from_bot(chat: dict[str, Any]) -> list[Shown]:
    return [shown for shown in chat["messages"] if shown["from"] == "bot"]


def _with_file(chat: dict[str, Any]) -> list[Shown]:
    return [shown for shown in _from_bot(chat) if shown["file"]]


def _button(shown: Shown, label: str) -> bool:
    return any(button["text"] == label for row in shown["buttons"] for button in row)
