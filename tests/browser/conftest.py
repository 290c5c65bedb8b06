"""`make run` as a newcomer starts it, and a window of Chromium on its page."""

import json
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.browser.chat_page import ChatPage
from tests.browser.chromium import DESKTOP, window
from tests.browser.requirement import require_chromium
from tests.switchboard.command import running


@pytest.fixture
async def address(scratch: Path) -> AsyncIterator[str]:
    """Where the page is; everything behind it runs."""
    require_chromium()
    async with running("run", "--directory", str(scratch), ready="Switchboard is ready"):
        yield address_in(scratch)


@pytest.fixture
async def chat(address: str) -> AsyncIterator[ChatPage]:
    """The first person, in the chat with the documents bot."""
    async with window(DESKTOP) as page:
        chat = ChatPage(page)
        await chat.opens(address)
        yield chat


def address_in(directory: Path) -> str:
    """Return the address that a run has left in its directory."""
    address: str = json.loads((directory / "lock").read_text(encoding="utf-8"))["address"]
    return address
