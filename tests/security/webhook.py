"""The gateway as Telegram reaches it, for updates that no honest client would cause."""

import itertools
from dataclasses import dataclass
from typing import Any

import aiohttp

from tests.chat import Chat

_numbers = itertools.count(900_000_000)


@dataclass
class Webhook:
    """Brings updates made by hand, under Telegram's secret or a guess of it."""

    http: aiohttp.ClientSession
    url: str
    secret: str

    async def brings(self, person: Chat, data: str) -> None:
        """Bring a press on a button that no bot has made."""
        number = next(_numbers)
        pressed = {
            "id": str(number),
            "from": _sender(person),
            "chat_instance": "1",
            "data": data,
            "message": {"message_id": 1, "date": 1, "chat": _chat(person), "text": "by hand"},
        }
        await self._post(person, {"update_id": number, "callback_query": pressed})

    async def brings_document(self, person: Chat, **document: Any) -> None:
        """Bring a file as Telegram would describe it; `document` has at least a file_id."""
        number = next(_numbers)
        message = {
            "message_id": number,
            "date": 1_800_000_000,
            "from": _sender(person),
            "chat": _chat(person),
            "document": {"file_unique_id": str(number), **document},
        }
        await self._post(person, {"update_id": number, "message": message})

    async def _post(self, person: Chat, update: dict[str, Any]) -> None:
        headers = {"X-Telegram-Bot-Api-Secret-Token": self.secret}
        address = f"{self.url}/telegram/{person.app}"
        async with self.http.post(address, json=update, headers=headers) as response:
            assert response.status == 200, await response.text()


def _sender(person: Chat) -> dict[str, Any]:
    return {"id": person.person_id, "is_bot": False, "first_name": "Somebody"}


def _chat(person: Chat) -> dict[str, Any]:
    return {"id": person.person_id, "type": "private", "first_name": "Somebody"}
