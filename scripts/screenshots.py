"""Takes the pictures of docs/pictures anew: `.venv/bin/python -m scripts.screenshots`.

Starts everything in a scratch directory and walks the documents story in Chromium: a document,
an album with a link and what its press caused, and a phone.
"""

import asyncio
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from playwright.async_api import ViewportSize, expect

from tests.browser.chat_page import ChatPage
from tests.browser.chromium import DESKTOP, PHONE, window
from tests.browser.conftest import address_in
from tests.switchboard.command import running

ROOT = Path(__file__).parents[1]
PICTURES = ROOT / "docs" / "pictures"
REPORT = (ROOT / "tests" / "flows" / "report.pdf").read_bytes()
BORIS = 1002
WIDE: ViewportSize = {"width": 1440, "height": 900}
"""Wide enough for the panel beside the chat."""


async def take_pictures() -> None:
    """Start, walk, stop."""
    with tempfile.TemporaryDirectory(prefix="switchboard-pictures-") as directory:
        arguments = ("run", "--directory", directory)
        async with running(*arguments, ready="Switchboard is ready"):
            address = address_in(Path(directory))
            async with _picture("desktop", DESKTOP) as chat:
                await chat.opens(address)
                await _keep_and_find_a_document(chat)
            async with _picture("album", WIDE) as chat:
                await chat.opens(address)
                await _link_to_an_album(chat)
            async with _picture("phone", PHONE, sharpness=1.5) as chat:
                await chat.opens(address, BORIS)
                await _review_a_document_in_russian(chat)


@asynccontextmanager
async def _picture(
    name: str, viewport: ViewportSize, sharpness: float = 1
) -> AsyncIterator[ChatPage]:
    """Open the page; what it shows in the end becomes the picture."""
    async with window(viewport, sharpness=sharpness) as page:
        yield ChatPage(page)
        await page.mouse.move(0, 0)  # away from what it would light up
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


async def _link_to_an_album(chat: ChatPage) -> None:
    await chat.page.get_by_role("button", name="Dark or light").click()
    pages = {f"Lease, page {n}.pdf": REPORT + f"% {n}".encode() for n in range(1, 4)}
    await chat.sends_album(pages)
    await chat.sees("Files (3)")
    await chat.presses("New type")
    await chat.sees("called")
    await chat.says("Contracts")
    await chat.sees("Keep")
    await chat.says("Lease of the flat")
    await chat.presses("Save")
    await chat.sees("Saved")
    await chat.says("/search lease")
    await chat.presses("Lease of the flat")
    await chat.sees("3 files")
    await chat.presses("Link")
    await chat.presses("1 day")
    await chat.sees("The link is ready")
    panel = await chat.asks_what_happened()
    spans = panel.get_by_role("list", name="Spans")
    for did in ("telegram receive", "command.files.create_link", "telegram editMessageText"):
        await expect(spans).to_contain_text(did)


async def _review_a_document_in_russian(chat: ChatPage) -> None:
    await chat.sends(REPORT + b"\n% lease", "Договор аренды.pdf")
    await chat.presses("Новый тип")
    await chat.sees("называется")
    await chat.says("Договоры")
    await chat.presses("Оставить")
    await chat.sees("Сохранить")


if __name__ == "__main__":
    asyncio.run(take_pictures())
