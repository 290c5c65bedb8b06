"""Takes the pictures of docs/pictures anew: `.venv/bin/python -m scripts.screenshots`.

Starts everything in a scratch directory and walks the documents story in Chromium.
"""

import asyncio
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from playwright.async_api import ViewportSize

from tests.browser.chat_page import ChatPage
from tests.browser.chromium import DESKTOP, PHONE, window
from tests.browser.conftest import address_in
from tests.switchboard.command import running

ROOT = Path(__file__).parents[1]
PICTURES = ROOT / "docs" / "pictures"
REPORT = (ROOT / "tests" / "flows" / "report.pdf").read_bytes()
BORIS = 1002


async def take_pictures() -> None:
    """Start, walk, stop."""
    with tempfile.TemporaryDirectory(prefix="switchboard-pictures-") as directory:
        arguments = ("run", "--directory", directory)
        async with running(*arguments, ready="Switchboard is ready"):
            address = address_in(Path(directory))
            async with _picture("desktop", DESKTOP) as chat:
                await chat.opens(address)
                await _keep_and_find_a_document(chat)
            async with _picture("phone", PHONE) as chat:
                await chat.opens(address, BORIS)
                await _review_a_document_in_russian(chat)


@asynccontextmanager
async def _picture(name: str, viewport: ViewportSize) -> AsyncIterator[ChatPage]:
    """Open the page; what it shows in the end becomes the picture."""
    async with window(viewport, sharpness=1.5) as page:
        yield ChatPage(page)
        await page.screenshot(path=PICTURES / f"{name}.png", animations="disabled")


async def _keep_and_find_a_document(chat: ChatPage) -> None:
    await chat.says("/start")
    await chat.sees("Add document")
    await chat.sends(REPORT, "Electricity March.pdf")
    await chat.presses("New type")
    await chat.sees("called")
    await chat.says("Invoices")
    await chat.presses("Keep")
    await chat.presses("Save")
    await chat.sees("Saved")
    await chat.says("/documents")
    await chat.presses("Invoices (1)")
    await chat.presses("Electricity March")
    await chat.sees("Rename")


async def _review_a_document_in_russian(chat: ChatPage) -> None:
    await chat.sends(REPORT + b"\n% lease", "Договор аренды.pdf")
    await chat.presses("Новый тип")
    await chat.sees("называется")
    await chat.says("Договоры")
    await chat.presses("Оставить")
    await chat.sees("Сохранить")


if __name__ == "__main__":
    asyncio.run(take_pictures())
