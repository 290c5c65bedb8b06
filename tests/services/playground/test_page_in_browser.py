"""The chat page in a real Chromium: what only a browser shows."""

from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import aiohttp
import pytest
from playwright.async_api import FilePayload, Page, expect

from services.playground import Playground, PlaygroundSettings, playground
from tests.browser.chromium import PHONE, window
from tests.services.playground.browser import bot_calls, chat_address, next_query, requires_chromium
from tests.services.playground.person import Person
from tests.services.playground.pictures import png

pytestmark = requires_chromium


@pytest.fixture
async def page(server: Playground) -> AsyncIterator[Page]:
    """A phone on which Anna talks to the documents bot."""
    async with window(PHONE) as page:
        await page.goto(chat_address(server))
        yield page


async def test_a_conversation(page: Page, http: aiohttp.ClientSession) -> None:
    await page.get_by_role("textbox", name="Message").fill("/start")
    await page.keyboard.press("Enter")
    log = page.get_by_role("log")
    await expect(log.get_by_role("article")).to_have_count(1)
    keyboard = [[{"text": "Save", "callback_data": "save"}]]
    await bot_calls(http, "sendMessage", text="Sure?", reply_markup={"inline_keyboard": keyboard})
    await log.get_by_role("button", name="Save").click()
    query = await next_query(http)
    assert query["data"] == "save"
    await bot_calls(http, "answerCallbackQuery", callback_query_id=query["id"], text="Got it")
    await expect(page.get_by_text("Got it")).to_be_visible()
    await bot_calls(http, "editMessageText", message_id=2, text="Saved")
    await expect(log.get_by_role("article")).to_have_count(2)
    await expect(log).to_contain_text("Saved")
    await expect(log).not_to_contain_text("Sure?")
    await bot_calls(http, "deleteMessage", message_id=2)
    await expect(log.get_by_role("article")).to_have_count(1)
    await expect(page.get_by_text("Got it")).to_have_count(0)
    assert await page.evaluate("document.body.scrollWidth") <= PHONE["width"]


async def test_an_upload(page: Page) -> None:
    await page.get_by_role("textbox", name="Message").fill("my file")
    file = FilePayload(name="файл.txt", mimeType="text/plain", buffer=b"content")
    await page.get_by_label("Send a file").set_input_files(file)
    await page.get_by_role("button", name="Send", exact=True).click()
    async with page.expect_download() as coming:
        await page.get_by_role("link", name="файл.txt").click()
    download = await coming.value
    assert download.suggested_filename == "файл.txt"
    assert _content(await download.path()) == b"content"
    await expect(page.get_by_role("textbox", name="Message")).to_have_value("")


def _content(path: Path) -> bytes:
    return path.read_bytes()


async def test_several_files_are_looked_at_and_go_as_one_album(page: Page, anna: Person) -> None:
    choice = page.get_by_label("Send a photo")
    await choice.set_input_files([_picture("1.png"), _picture("2.png")])
    await choice.set_input_files(_picture("3.png"))
    chosen = page.get_by_role("list", name="Files to send")
    await expect(chosen.get_by_role("listitem")).to_contain_text(["1.png", "2.png", "3.png"])
    await chosen.get_by_role("button", name="Remove 2.png").click()
    await page.get_by_role("textbox", name="Message").fill("two of them")
    await page.keyboard.press("Enter")
    album = page.get_by_role("log").get_by_role("article")
    await expect(album).to_have_count(1)
    await expect(album.get_by_role("img", name="Photo")).to_have_count(2)
    await expect(album).to_contain_text("two of them")
    await expect(chosen).to_be_hidden()
    sent = (await anna.chat())["messages"]
    assert [(m["text"], m["file"]["kind"]) for m in sent] == [
        ("two of them", "photo"),
        ("", "photo"),
    ]
    assert sent[0]["album"] == sent[1]["album"] is not None


def _picture(name: str) -> FilePayload:
    return FilePayload(name=name, mimeType="image/png", buffer=png(40, 30))


async def test_a_refused_upload_can_be_mended(page: Page) -> None:
    await page.get_by_role("textbox", name="Message").fill("x" * 1025)
    await page.get_by_label("Send a photo").set_input_files(_picture("1.png"))
    await page.get_by_role("button", name="Send", exact=True).click()
    await expect(page.get_by_text("a caption has at most 1024 characters")).to_be_visible()
    await page.get_by_role("textbox", name="Message").fill("short")
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("log").get_by_role("article")).to_contain_text("short")


async def test_an_album_of_the_bot_is_edited_and_shrinks_in_place(
    page: Page, http: aiohttp.ClientSession, anna: Person
) -> None:
    _, first, second = await anna.uploads_album(
        [(f"{n}.png", png(30, 20)) for n in range(3)], kind="photo"
    )
    files = [message["file"]["file_id"] for message in (await anna.chat())["messages"]]
    media = [{"type": "photo", "media": file} for file in files]
    await bot_calls(http, "sendMediaGroup", media=media)
    article = page.get_by_role("article", name="Documents")
    await expect(article.get_by_role("img", name="Photo")).to_have_count(3)
    await bot_calls(http, "editMessageCaption", message_id=second + 1, caption="the first")
    await expect(article).to_contain_text("the first")
    await bot_calls(http, "deleteMessages", message_ids=[second + 2, first])
    await expect(article.get_by_role("img", name="Photo")).to_have_count(2)
    await bot_calls(http, "deleteMessages", message_ids=[second + 1, second + 3])
    await expect(article).to_have_count(0)
    await expect(page.get_by_role("article", name="You").get_by_role("img")).to_have_count(2)


async def test_an_open_window_survives_a_restart(settings: PlaygroundSettings) -> None:
    async with window(PHONE) as page:
        async with playground(settings) as first:
            port = int(first.url.rpartition(":")[2])
            await page.goto(chat_address(first))
        async with (
            playground(replace(settings, port=port)) as second,
            aiohttp.ClientSession(second.url) as http,
        ):
            await Person(http, "documents").says("said after the restart")
            article = page.get_by_role("article").filter(has_text="said after the restart")
            await expect(article).to_have_count(1)


async def test_a_picture_is_looked_at_and_closed_with_escape(page: Page, anna: Person) -> None:
    await anna.uploads(png(400, 300), "flat.png", kind="photo")
    await page.get_by_role("log").get_by_role("img", name="Photo").click()
    viewer = page.get_by_role("dialog", name="Photo")
    await expect(viewer.get_by_role("img")).to_have_js_property("naturalWidth", 400)
    await page.keyboard.press("Escape")
    await expect(viewer).to_be_hidden()
    assert len(page.context.pages) == 1


async def test_a_pasted_picture_is_sent_as_a_photo(page: Page, anna: Person) -> None:
    await page.evaluate(
        """bytes => {
          const clipboardData = new DataTransfer();
          const picture = new File([new Uint8Array(bytes)], "shot.png", { type: "image/png" });
          clipboardData.items.add(picture);
          document.getElementById("text").dispatchEvent(
            new ClipboardEvent("paste", { clipboardData, bubbles: true }),
          );
        }""",
        list(png(40, 30)),
    )
    await expect(page.get_by_role("list", name="Files to send")).to_contain_text("shot.png")
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("article").get_by_role("img", name="Photo")).to_be_visible()
    assert (await anna.chat())["messages"][0]["file"]["kind"] == "photo"


async def test_a_blocked_bot_can_be_let_in_again(page: Page, anna: Person) -> None:
    await anna.says("/start")
    await page.get_by_role("button", name="Block this bot").click()
    await expect(page.get_by_text("Anna has blocked this bot.")).to_be_visible()
    await expect(page.get_by_role("textbox", name="Message")).to_be_hidden()
    await page.get_by_role("button", name="Unblock").click()
    await expect(page.get_by_role("textbox", name="Message")).to_be_visible()
