"""The page of all messages: everything of the document, found, filtered and linked to."""

import html
import json
import re
import time
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer
from playwright.async_api import ViewportSize, expect

from services.playground import PlaygroundSettings, playground
from services.playground.catalogue.document import Catalogue
from services.playground.catalogue.page import CATALOGUE
from services.playground.catalogue.words import Field, Word, fields
from services.playground.server import application, open_state
from services.playground.state import State
from services.playground.telemetry.records import Span
from tests.browser.chromium import PHONE, window
from tests.services.playground.browser import requires_chromium

DOCUMENT = Path(__file__).parents[3] / "docs" / "asyncapi.json"
WIDE: ViewportSize = {"width": 1400, "height": 800}

Client = TestClient[web.Request, web.Application]


@pytest.fixture(scope="module")
def catalogue() -> Catalogue:
    return Catalogue(DOCUMENT)


@pytest.fixture
def state(settings: PlaygroundSettings) -> State:
    return open_state(settings)


@pytest.fixture
async def client(state: State, catalogue: Catalogue) -> AsyncIterator[Client]:
    app = application(state)
    app[CATALOGUE] = catalogue
    async with TestClient(TestServer(app)) as running:
        yield running
        state.stop_waiting()  # an open page's stream would hold up the end
    state.db.close()


@pytest.mark.parametrize(
    ("subject", "message"),
    [
        ("command.documents.add_document", "AddDocument"),
        ("update.documents.{chat}", "TelegramUpdate"),
        ("late.documents.document_added", "DocumentAdded"),
        ("notice.answer.documents.{chat}", "Notice"),
        ("dead.command.documents.add_document", "DeadLetter"),
        ("sendMessage", ""),
        ("", ""),
    ],
)
def test_a_span_s_subject_leads_to_its_message(
    catalogue: Catalogue, subject: str, message: str
) -> None:
    assert catalogue.described(subject) == message


def test_fields_are_told_in_words() -> None:
    schema = {
        "properties": {
            "type": {"enum": ["X"]},
            "name": {"type": "string", "minLength": 1, "maxLength": 9},
            "pages": {"type": "array", "items": {"$ref": "#/components/schemas/Page"}},
            "note": {"anyOf": [{"type": "string"}, {"type": "null"}], "default": None},
            "id": {"type": "integer", "exclusiveMinimum": 0, "maximum": 2**63 - 1},
        },
        "required": ["type", "name"],
    }
    pages = (Word("list of "), Word("Page", part=True))
    either = (Word("string"), Word(" or "), Word("null"))
    assert fields(schema) == [
        Field("name", True, (Word("string"),), "1 to 9 characters", ""),
        Field("pages", False, pages, "", ""),
        Field("note", False, either, "", "null"),
        Field("id", False, (Word("integer"),), "above 0", ""),
    ]


async def test_every_message_and_part_is_there_and_every_link_leads_somewhere(
    client: Client,
) -> None:
    async with client.get("/messages") as response:
        assert response.status == 200
        assert "default-src 'self'" in response.headers["Content-Security-Policy"]
        page = html.unescape(await response.text())
    places = set(re.findall(r'id="([^"]+)"', page))
    found: dict[str, Any] = json.loads(DOCUMENT.read_text(encoding="utf-8"))["components"]
    schemas = {name for name in found["schemas"] if not name.startswith("HeadersOf")}
    assert set(found["messages"]) | schemas <= places
    assert set(re.findall(r'href="#([^"]+)"', page)) <= places
    for said in found["messages"].values():
        assert said["summary"] in page
    assert "//" not in "".join(re.findall(r'(?:src|href)="([^"]+)"', page)), (
        "nothing from elsewhere"
    )


async def test_without_a_document_it_says_so(settings: PlaygroundSettings, tmp_path: Path) -> None:
    broken = tmp_path / "asyncapi.json"
    broken.write_text("{}", encoding="utf-8")
    for file in (None, broken, tmp_path / "missing.json"):
        async with (
            playground(replace(settings, asyncapi=file)) as running,
            aiohttp.ClientSession(running.url) as http,
            http.get("/messages") as response,
        ):
            assert "ASYNCAPI_FILE" in await response.text()


def _publishing(subject: str) -> Span:
    now = time.time_ns()
    return Span(
        trace_id="0123456789abcdef" * 2,
        span_id="a",
        parent_id="",
        service="bot",
        name=f"publish {subject}",
        start=now,
        end=now + 1_000_000,
        failed=False,
        attributes={"telegram.bot_id": 110001, "telegram.chat_id": 1001},
        problems=(),
    )


@requires_chromium
async def test_it_is_reached_from_a_press_searched_and_filtered(
    client: Client, state: State
) -> None:
    async with window(WIDE) as page:
        await page.goto(str(client.make_url("/?person=1001&bot=documents")))
        panel = page.get_by_role("complementary", name="What happened")
        await expect(panel).to_contain_text("Write or press something")
        state.telemetry.receive([_publishing("command.documents.add_document")])
        async with page.expect_popup() as coming:
            await panel.get_by_role("link", name="command.documents.add_document").click()
        opened = await coming.value
        complaints: list[str] = []
        opened.on("console", lambda message: complaints.append(message.text))
        message = opened.get_by_role("article", name="AddDocument", exact=True)
        await expect(message).to_be_in_viewport()
        await expect(message.locator("pre.body")).to_contain_text('"type": "AddDocument"')
        await expect(message).to_contain_text("bot → storage, through COMMANDS")
        await message.get_by_role("link", name="DocumentRefused").click()
        refused = opened.get_by_role("article", name="DocumentRefused", exact=True)
        await expect(refused).to_be_in_viewport()

        shown = opened.locator("article[data-kind]:visible")
        await opened.get_by_role("searchbox", name="Find").fill("allow_same_content")
        await expect(shown).to_have_count(2)  # AddDocument, AddVersion
        await opened.get_by_role("searchbox", name="Find").fill("")
        await opened.get_by_role("checkbox", name="people").check()
        await opened.get_by_role("checkbox", name="query").check()
        await expect(shown).to_have_count(2)  # GetPerson, ListRoleHolders
        await expect(opened.get_by_role("status")).to_contain_text("2 of ")
        assert complaints == []


@requires_chromium
async def test_it_fits_on_a_phone(client: Client) -> None:
    async with window(PHONE) as page:
        await page.goto(str(client.make_url("/?person=1001")))
        await page.get_by_role("link", name="Messages on the bus").click()
        await expect(page.get_by_role("heading", name="Messages on the bus")).to_be_visible()
        await page.goto(str(client.make_url("/messages#DocumentPage")))
        await expect(
            page.get_by_role("article", name="DocumentPage", exact=True)
        ).to_be_in_viewport()
        wider = "document.documentElement.scrollWidth > document.documentElement.clientWidth"
        assert not await page.evaluate(wider)
