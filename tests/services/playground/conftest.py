"""A playground of its own for every test, and somebody to talk to it."""

from collections.abc import AsyncIterator
from pathlib import Path

import aiohttp
import pytest
import telegram

from services.playground import Playground, PlaygroundSettings, playground
from tests.browser.requirement import require_chromium
from tests.services.playground.person import Person

TOKENS = {
    "documents": "110001:AAdocuments-token-of-the-test",
    "calendar": "110002:AAcalendar-token-of-the-test",
}


@pytest.fixture
def settings(tmp_path: Path) -> PlaygroundSettings:
    return PlaygroundSettings(directory=tmp_path, bots=TOKENS)


@pytest.fixture
def installed_chromium() -> None:
    require_chromium()


@pytest.fixture
async def server(settings: PlaygroundSettings) -> AsyncIterator[Playground]:
    async with playground(settings) as running:
        yield running


@pytest.fixture
async def http(server: Playground) -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession(server.url) as session:
        yield session


@pytest.fixture
def anna(http: aiohttp.ClientSession) -> Person:
    return Person(http, "documents")


def _client(server: Playground) -> telegram.Bot:
    return telegram.Bot(
        TOKENS["documents"],
        base_url=f"{server.url}/bot",
        base_file_url=f"{server.url}/file/bot",
    )


@pytest.fixture
async def bot(server: Playground) -> AsyncIterator[telegram.Bot]:
    async with _client(server) as client:
        yield client


@pytest.fixture
async def second_instance(server: Playground) -> AsyncIterator[telegram.Bot]:
    """The same bot, started a second time by mistake."""
    async with _client(server) as client:
        yield client
