"""The chat page on a desktop, with the keyboard alone, in two windows, and over a long history."""

from collections.abc import AsyncIterator

import aiohttp
import pytest
from playwright.async_api import Locator, Page, expect

from services.playground import Playground
from tests.browser.chromium import DESKTOP, PHONE, window
from tests.services.playground.browser import bot_calls, chat_address, next_query, requires_chromium
from tests.services.playground.person import Person

pytestmark = requires_chromium


@pytest.fixture
async def page(server: Playground) -> AsyncIterator[Page]:
    """A desktop on which Anna talks to the documents bot."""
    async with window(DESKTOP) as page:
        await page.goto(chat_address(server))
        yield page


async def test_unread_marks_come_go_and_stay_gone(
    page: Page, server: Playground, http: aiohttp.ClientSession, anna: Person
) -> None:
    await anna.says("/start")
    await page.goto(chat_address(server, app="calendar"))
    documents = page.get_by_role("link", name="Documents")
    for text in ("one", "two"):
        await bot_calls(http, "sendMessage", text=text)
    await expect(documents.get_by_label("2 unread")).to_be_visible()
    await expect(documents).to_contain_text("two")
    await documents.click()
    await expect(page.get_by_role("log")).to_contain_text("two")
    async with page.expect_response("**/read"):
        await bot_calls(http, "sendMessage", text="seen at once")
    await page.goto(chat_address(server, app="calendar"))
    await expect(documents).to_contain_text("seen at once")
    await expect(documents.get_by_label("unread")).to_have_count(0)


async def test_the_lists_of_a_phone_are_live_and_lead_into_a_chat_and_back(
    server: Playground, http: aiohttp.ClientSession, anna: Person
) -> None:
    await anna.says("/start")
    async with window(PHONE) as page:
        await page.goto(f"{server.url}/?person=1001")
        await bot_calls(http, "sendChatAction", action="typing")
        documents = page.get_by_role("link", name="Documents")
        await expect(documents).to_contain_text("typing…")
        await bot_calls(http, "sendMessage", text="there you are")
        await expect(documents.get_by_label("1 unread")).to_be_visible()
        await documents.click()
        await expect(page.get_by_role("log")).to_contain_text("there you are")
        await expect(page.get_by_role("navigation", name="Bots")).to_be_hidden()
        await page.get_by_role("link", name="All chats").click()
        await expect(documents.get_by_label("unread")).to_have_count(0)


async def test_two_windows_show_two_people_with_the_same_bot(
    page: Page, server: Playground, anna: Person, http: aiohttp.ClientSession
) -> None:
    boris = Person(http, "documents", 1002)
    await anna.says("I am Anna")
    await boris.says("Я Борис")
    async with window(DESKTOP) as other:
        await other.goto(chat_address(server, boris.id))
        await expect(other.get_by_role("log")).to_contain_text("Я Борис")
        await bot_calls(http, "sendMessage", text="for Anna")
        await bot_calls(http, "sendMessage", chat_id=boris.id, text="для Бориса")
        await expect(other.get_by_role("log")).to_contain_text("для Бориса")
        await expect(page.get_by_role("log")).to_contain_text("for Anna")
        await expect(other.get_by_role("log")).not_to_contain_text("Anna")
        await expect(page.get_by_role("log")).not_to_contain_text("Борис")


async def test_the_theme_is_the_systems_until_another_is_chosen(page: Page) -> None:
    body, toggle = page.locator("body"), page.get_by_role("button", name="Dark or light")
    light, dark = "rgb(255, 255, 255)", "rgb(33, 33, 33)"
    await page.emulate_media(color_scheme="dark")
    await expect(body).to_have_css("background-color", dark)
    await toggle.click()
    await expect(body).to_have_css("background-color", light)
    await page.reload()
    await expect(body).to_have_css("background-color", light)
    await toggle.click()
    await expect(body).to_have_css("background-color", dark)
    await page.emulate_media(color_scheme="light")  # the system's again: it is followed
    await expect(body).to_have_css("background-color", light)


async def test_a_conversation_with_the_keyboard_alone(
    page: Page, http: aiohttp.ClientSession, anna: Person
) -> None:
    await page.keyboard.type("first line")
    await page.keyboard.press("Shift+Enter")
    await page.keyboard.type("second line")
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("article", name="You")).to_contain_text("second line")
    assert (await anna.chat())["messages"][0]["text"] == "first line\nsecond line"
    keyboard = {"inline_keyboard": [[{"text": "Go", "callback_data": "go"}]]}
    await bot_calls(http, "sendMessage", text="Ready?", reply_markup=keyboard)
    go = page.get_by_role("button", name="Go", exact=True)
    await _tab_to(page, go, "Shift+Tab")
    await page.keyboard.press("Enter")
    query = await next_query(http)
    await bot_calls(http, "editMessageText", message_id=2, text="Going", reply_markup=keyboard)
    await expect(page.get_by_role("log")).to_contain_text("Going")
    await expect(go).to_be_focused()
    answer = {"callback_query_id": query["id"], "text": "Mind the step", "show_alert": True}
    await bot_calls(http, "answerCallbackQuery", **answer)
    await expect(page.get_by_role("dialog")).to_contain_text("Mind the step")
    await page.keyboard.press("Escape")
    await expect(page.get_by_role("dialog")).to_have_count(0)
    await expect(go).to_be_focused()


async def _tab_to(page: Page, target: Locator, key: str) -> None:
    for _ in range(20):
        await page.keyboard.press(key)
        if await target.evaluate("element => element === document.activeElement"):
            return
    pytest.fail(f"{key} does not lead there")


async def test_commands_with_the_keyboard(page: Page, http: aiohttp.ClientSession) -> None:
    commands = [{"command": c, "description": c} for c in ("start", "search", "help")]
    await bot_calls(http, "setMyCommands", commands=commands)
    await expect(page.locator("#commands button")).to_have_count(3)
    await page.keyboard.type("/s")
    await expect(page.locator("#commands li:visible")).to_have_count(2)
    await page.keyboard.press("Escape")
    await expect(page.locator("#commands")).to_be_hidden()
    await expect(page.get_by_role("textbox", name="Message")).to_be_focused()
    await page.get_by_role("textbox", name="Message").fill("/se")
    await page.get_by_role("textbox", name="Message").press("ArrowDown")
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("article", name="You")).to_contain_text("/search")
    await expect(page.get_by_role("textbox", name="Message")).to_be_focused()


async def test_a_spoiler_is_shown_when_pressed(
    page: Page, http: aiohttp.ClientSession, anna: Person
) -> None:
    await anna.says("/start")
    await bot_calls(http, "sendMessage", text="<tg-spoiler>boo</tg-spoiler>", parse_mode="HTML")
    hidden = page.get_by_role("button", name="Hidden text")
    await hidden.focus()
    await page.keyboard.press("Enter")
    await expect(hidden).to_have_count(0)
    await expect(page.get_by_role("log")).to_contain_text("boo")


async def test_a_long_history_comes_piece_by_piece(page: Page, anna: Person) -> None:
    for number in range(60):
        await anna.says(f"message {number}")
    await anna.uploads_album([(f"{n}.txt", b"x") for n in range(3)])
    await page.reload()
    articles = page.get_by_role("article")
    await expect(articles).to_have_count(48)
    await expect(articles.first).to_contain_text("message 13")
    earlier = page.get_by_role("button", name="Show earlier")
    await earlier.click()
    await expect(articles).to_have_count(61)
    await expect(earlier).to_have_count(0)
    newest = page.get_by_role("button", name="To the newest message")
    await page.get_by_text("message 5", exact=True).scroll_into_view_if_needed()
    await expect(newest).to_be_visible()
    await newest.click()
    await expect(newest).to_be_hidden()
