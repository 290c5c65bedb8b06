"""The chat page in a real Chromium: what only a browser shows."""

import shutil
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import aiohttp
import pytest
from playwright.async_api import FilePayload, Page, async_playwright, expect

from services.playground import Playground, PlaygroundSettings, playground
from tests.services.playground.conftest import TOKENS
from tests.services.playground.person import Person

CHROMIUM = shutil.which("chromium")
API = f"/bot{TOKENS['documents']}"
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]

pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="needs the Debian package chromium")


@pytest.fixture
async def page() -> AsyncIterator[Page]:
    """A window on which nothing may go wrong unseen."""
    problems: list[str] = []
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        page = await browser.new_page(viewport={"width": 390, "height": 800})
        page.on("pageerror", lambda error: problems.append(str(error)))
        yield page
        await browser.close()
    assert problems == []


async def _bot(http: aiohttp.ClientSession, method: str, **parameters: object) -> None:
    async with http.post(f"{API}/{method}", json={"chat_id": 1001, **parameters}) as response:
        assert response.status == 200, await response.text()


async def test_a_conversation(page: Page, server: Playground, http: aiohttp.ClientSession) -> None:
    await page.goto(f"{server.url}/?person=1001&bot=documents")
    await page.get_by_role("textbox", name="Message").fill("/start")
    await page.keyboard.press("Enter")
    log = page.get_by_role("log")
    await expect(log.get_by_role("article")).to_have_count(1)
    keyboard = [[{"text": "Save", "callback_data": "save"}]]
    await _bot(http, "sendMessage", text="Sure?", reply_markup={"inline_keyboard": keyboard})
    await log.get_by_role("button", name="Save").click()
    async with http.get(f"{API}/getUpdates") as response:
        query = (await response.json())["result"][-1]["callback_query"]
    assert query["data"] == "save"
    await _bot(http, "answerCallbackQuery", callback_query_id=query["id"], text="Got it")
    await expect(page.get_by_text("Got it")).to_be_visible()
    await _bot(http, "editMessageText", message_id=2, text="Saved")
    await expect(log.get_by_role("article")).to_have_count(2)
    await expect(log).to_contain_text("Saved")
    await expect(log).not_to_contain_text("Sure?")
    await _bot(http, "deleteMessage", message_id=2)
    await expect(log.get_by_role("article")).to_have_count(1)
    assert await page.evaluate("document.body.scrollWidth") <= 390


async def test_an_upload(page: Page, server: Playground) -> None:
    await page.goto(f"{server.url}/?person=1001&bot=documents")
    await page.get_by_role("textbox", name="Message").fill("my file")
    file = FilePayload(name="файл.txt", mimeType="text/plain", buffer=b"content")
    await page.get_by_label("Send a file").set_input_files(file)
    await page.keyboard.press("Enter")
    async with page.expect_download() as coming:
        await page.get_by_role("link", name="файл.txt").click()
    download = await coming.value
    assert download.suggested_filename == "файл.txt"
    assert _content(await download.path()) == b"content"
    await expect(page.get_by_role("textbox", name="Message")).to_have_value("")


def _content(path: Path) -> bytes:
    return path.read_bytes()


async def test_an_open_window_survives_a_restart(page: Page, settings: PlaygroundSettings) -> None:
    async with playground(settings) as first:
        port = int(first.url.rpartition(":")[2])
        await page.goto(f"{first.url}/?person=1001&bot=documents")
    async with (
        playground(replace(settings, port=port)) as second,
        aiohttp.ClientSession(second.url) as http,
    ):
        await Person(http, "documents").says("said after the restart")
        article = page.get_by_role("article").filter(has_text="said after the restart")
        await expect(article).to_have_count(1, timeout=15_000)
