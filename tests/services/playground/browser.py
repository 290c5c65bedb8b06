"""What tests of the page in a browser share: addresses, and the bot at the other end."""

from typing import Any

import aiohttp
import pytest

from services.playground import Playground
from tests.services.playground.conftest import TOKENS

requires_chromium = pytest.mark.usefixtures("installed_chromium")


def chat_address(server: Playground, person_id: int = 1001, app: str = "documents") -> str:
    """The page of a person in the chat with a bot."""
    return f"{server.url}/?person={person_id}&bot={app}"


async def bot_calls(http: aiohttp.ClientSession, method: str, **parameters: Any) -> Any:
    """Let the documents bot do something, in Anna's chat unless told otherwise."""
    body = {"chat_id": 1001, **parameters}
    async with http.post(f"/bot{TOKENS['documents']}/{method}", json=body) as response:
        answer = await response.json()
        assert response.status == 200, answer
        return answer["result"]


async def next_query(http: aiohttp.ClientSession) -> dict[str, Any]:
    """The press of a button that the documents bot heard of last, as soon as it has."""
    updates = await bot_calls(http, "getUpdates", offset=-1, timeout=50)
    query: dict[str, Any] = updates[0]["callback_query"]
    return query
