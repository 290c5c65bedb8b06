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
    """The next press of a button, as soon as the documents bot hears of it."""
    offset = 0
    while True:
        for update in await bot_calls(http, "getUpdates", offset=offset, timeout=50):
            if query := update.get("callback_query"):
                return dict(query)
            offset = update["update_id"] + 1
