"""`make run` as a newcomer starts it, and a window of Chromium on its page."""

import json
import tempfile
from collections.abc import AsyncIterator
from pathlib import Path

import aiohttp
import pytest
import pytest_asyncio

from tests.browser.chat_page import ChatPage
from tests.browser.chromium import DESKTOP, window
from tests.browser.requirement import require_chromium
from tests.switchboard.command import running


@pytest_asyncio.fixture(scope="package", loop_scope="session")
async def address() -> AsyncIterator[str]:
    """Where the page is; everything behind it runs."""
    require_chromium()
    with tempfile.TemporaryDirectory(prefix="switchboard-test-") as made:
        # Nobody here takes time to read: at their pace a chat has to wait for its limit.
        quick = {"FLOOD_BURST": "100000", "CHAT_BURST": "1000"}
        async with running("run", "--directory", made, ready="Switchboard is ready", **quick):
            yield address_in(Path(made))


@pytest.fixture
async def chat(address: str) -> AsyncIterator[ChatPage]:
    """Somebody new, in the chat with the documents bot."""
    somebody = {"first_name": "Somebody"}
    async with (
        aiohttp.ClientSession(address) as http,
        http.post("/sim/people", json=somebody) as response,
    ):
        person_id = (await response.json())["id"]
    async with window(DESKTOP) as page:
        chat = ChatPage(page)
        await chat.opens(address, person_id)
        yield chat


def address_in(directory: Path) -> str:
    """Return the address that a run has left in its directory."""
    address: str = json.loads((directory / "lock").read_text(encoding="utf-8"))["address"]
    return address
