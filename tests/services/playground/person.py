"""A person in a chat, played over /sim."""

from collections.abc import Callable
from typing import Any

import aiohttp

DEADLINE = 60.0


class Person:
    """Anna by default; `chat` values are the JSON of /sim."""

    def __init__(self, session: aiohttp.ClientSession, app: str, person_id: int = 1001) -> None:
        self.session = session
        self.id = person_id
        self.path = f"/sim/chats/{app}/{person_id}"

    async def says(self, text: str) -> int:
        """Say a text; returns the message's id."""
        return int((await self._post("say", {"text": text}))["message_id"])

    async def presses(self, button: str, message_id: int | None = None) -> dict[str, Any]:
        """Press a button by its label."""
        return await self._post("press", {"button": button, "message_id": message_id})

    async def uploads(
        self, data: bytes, name: str, caption: str = "", kind: str = "document"
    ) -> int:
        """Send a file; returns the message's id."""
        return (await self.uploads_album([(name, data)], caption, kind))[0]

    async def uploads_album(
        self, files: list[tuple[str, bytes]], caption: str = "", kind: str = "document"
    ) -> list[int]:
        """Send files by name and content in one go; returns the messages' ids."""
        form = aiohttp.FormData(quote_fields=False)
        for name, data in files:
            form.add_field("file", data, filename=name)
        form.add_field("caption", caption)
        form.add_field("as", kind)
        async with self.session.post(f"{self.path}/upload", data=form) as response:
            answer = await response.json()
            assert response.status == 200, answer
            return [int(number) for number in answer["message_ids"]]

    async def shares_location(self, latitude: float, longitude: float) -> int:
        """Send a place, in degrees; returns the message's id."""
        place = {"latitude": latitude, "longitude": longitude}
        return int((await self._post("location", place))["message_id"])

    async def blocks(self) -> None:
        """Stop the bot."""
        await self._post("block", {})

    async def unblocks(self) -> None:
        """Let the bot write again."""
        await self._post("unblock", {})

    async def chat(self, after: int | None = None, timeout: float = DEADLINE) -> dict[str, Any]:
        """Read the chat, if need be once it changed."""
        query = {} if after is None else {"after": str(after), "timeout": str(timeout)}
        async with self.session.get(self.path, params=query) as response:
            assert response.status == 200
            chat: dict[str, Any] = await response.json()
            return chat

    async def transcript(self) -> str:
        """Read the chat as text."""
        async with self.session.get(f"{self.path}.txt") as response:
            return await response.text()

    async def file(self, message_id: int) -> bytes:
        """Download the file of a message."""
        async with self.session.get(f"{self.path}/files/{message_id}") as response:
            assert response.status == 200
            return await response.read()

    async def until(self, condition: Callable[[dict[str, Any]], Any]) -> dict[str, Any]:
        """The chat as soon as the condition holds; fails when nothing changes any more."""
        chat = await self.chat()
        while not condition(chat):
            following = await self.chat(after=chat["revision"])
            assert following["revision"] > chat["revision"], await self.transcript()
            chat = following
        return chat

    async def sees(self, text: str) -> dict[str, Any]:
        """The newest message of the bot with that text in it, as soon as there is one."""
        chat = await self.until(lambda chat: _with_text(chat, text))
        return _with_text(chat, text)[-1]

    async def orders_fault(self, fault: dict[str, Any]) -> None:
        """Let something go wrong for this chat's bot."""
        async with self.session.post("/sim/faults", json=fault) as response:
            assert response.status == 201, await response.text()

    async def loses(self, file_id: str) -> None:
        """Let Telegram refuse a file_id."""
        async with self.session.post("/sim/lost-files", json={"file_id": file_id}) as response:
            assert response.status == 200, await response.text()

    async def _post(self, action: str, body: dict[str, Any]) -> dict[str, Any]:
        async with self.session.post(f"{self.path}/{action}", json=body) as response:
            answer: dict[str, Any] = await response.json()
            assert response.status == 200, answer
            return answer


def _with_text(chat: dict[str, Any], text: str) -> list[dict[str, Any]]:
    return [m for m in chat["messages"] if m["from"] == "bot" and text in m["text"]]
