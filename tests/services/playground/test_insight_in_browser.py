"""The panel beside the chat in a real Chromium: while spans come in, by keyboard, on a phone."""

import time
from collections.abc import AsyncIterator

import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer
from playwright.async_api import Page, ViewportSize, expect

from services.playground import PlaygroundSettings
from services.playground.server import application, open_state
from services.playground.state import State
from services.playground.telemetry.records import LogLine, Span, Value
from services.playground.updates import Updates
from tests.browser.chromium import PHONE, window
from tests.services.playground.browser import requires_chromium

pytestmark = requires_chromium

Client = TestClient[web.Request, web.Application]
WIDE: ViewportSize = {"width": 1400, "height": 800}
TRACE_ID = "0123456789abcdef" * 2
MILLISECOND = 1_000_000


@pytest.fixture
def state(settings: PlaygroundSettings) -> State:
    return open_state(settings)


@pytest.fixture
async def client(state: State) -> AsyncIterator[Client]:
    async with TestClient(TestServer(application(state))) as running:
        yield running
        state.stop_waiting()  # an open page's stream would hold up the end
    state.db.close()


async def _writes(client: Client, state: State, text: str) -> str:
    """Let Anna write; returns the update that it became."""
    async with client.post("/sim/chats/documents/1001/say", json={"text": text}) as response:
        assert response.status == 200
    (*_, update) = _pending(state.updates)
    return f"documents-{update}"


def _pending(updates: Updates) -> list[int]:
    return [update.id for update in updates.pending(110001, 100)]


def _span(span_id: str, parent_id: str, name: str, **attributes: Value) -> Span:
    now = time.time_ns()
    return Span(
        trace_id=TRACE_ID,
        span_id=span_id,
        parent_id=parent_id,
        service="bot" if parent_id else "gateway",
        name=name,
        start=now,
        end=now + 5 * MILLISECOND,
        failed="error.type" in attributes,
        attributes=attributes,
        problems=(),
    )


async def _open(page: Page, client: Client) -> list[str]:
    """Open Anna's chat; returns what the browser complains of from now on."""
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text))
    await page.goto(str(client.make_url("/?person=1001&bot=documents")))
    return complaints


async def test_spans_appear_as_they_come_in(client: Client, state: State) -> None:
    update = await _writes(client, state, "/start")
    async with window(WIDE) as page:
        complaints = await _open(page, client)
        panel = page.get_by_role("complementary", name="What happened")
        await page.get_by_role("button", name="What happened here").click()
        await expect(panel).to_contain_text("Spans are on their way")
        state.telemetry.receive(
            [_span("a", "", "telegram receive", **{"switchboard.update": update})]
        )
        spans = panel.get_by_role("list", name="Spans").get_by_role("listitem")
        await expect(spans).to_have_count(1)
        process = _span("b", "a", "process update.documents.{chat}", **{"error.type": "429"})
        line = LogLine(TRACE_ID, "b", "bot", time.time_ns(), "error", "handler.failed", {"x": 1})
        state.telemetry.receive([process], [line])
        await expect(spans).to_have_count(2)
        await expect(spans.last).to_contain_text("1 failed attempt")
        await expect(spans.last).to_contain_text("error 429")
        await expect(panel.get_by_role("list", name="Log lines")).to_contain_text("handler.failed")
        await spans.last.locator("summary").press("Enter")
        await expect(spans.last).to_contain_text("error.type")
        await page.context.grant_permissions(["clipboard-read", "clipboard-write"])
        await panel.get_by_role("button", name="Copy the trace id").click()
        assert await page.evaluate("navigator.clipboard.readText()") == TRACE_ID
        assert complaints == []


async def test_the_latest_is_followed_and_what_is_unfolded_stays_so(
    client: Client, state: State
) -> None:
    await _writes(client, state, "/start")
    async with window(WIDE) as page:
        complaints = await _open(page, client)
        panel = page.get_by_role("complementary", name="What happened")
        await expect(panel).to_contain_text("Write or press something")
        here: dict[str, Value] = {"telegram.bot_id": 110001, "telegram.chat_id": 1001}
        state.telemetry.receive([_span("a", "", "telegram sendMessage", **here)])
        first = panel.get_by_role("list", name="Spans").get_by_role("listitem").first
        await first.locator("summary").click()
        await expect(first.get_by_text("telegram.chat_id")).to_be_visible()
        state.telemetry.receive([_span("b", "a", "process x")])
        await expect(panel.get_by_role("list", name="Spans").get_by_role("listitem")).to_have_count(
            2
        )
        await expect(first.get_by_text("telegram.chat_id")).to_be_visible()
        assert complaints == []


async def test_on_a_phone_it_lies_over_the_chat_until_closed(client: Client, state: State) -> None:
    update = await _writes(client, state, "/start")
    state.telemetry.receive([_span("a", "", "telegram receive", **{"switchboard.update": update})])
    async with window(PHONE) as page:
        await _open(page, client)
        panel = page.get_by_role("complementary", name="What happened")
        await expect(panel).to_be_hidden()
        await page.get_by_role("button", name="What happened here").click()
        await expect(panel).to_contain_text("telegram receive")
        assert await page.evaluate("document.body.scrollWidth") <= PHONE["width"]
        await page.get_by_role("button", name="Close", exact=True).click()
        await expect(panel).to_be_hidden()


async def test_without_a_bus_the_tab_says_so(client: Client, state: State) -> None:
    async with window(WIDE) as page:
        await _open(page, client)
        await page.get_by_role("button", name="Bus").click()
        await expect(page.get_by_text("No bus is known to this playground")).to_be_visible()
