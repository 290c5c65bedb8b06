"""Fixtures for all tests that need a Telegram."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest_asyncio

from telegram_api.client import Bots
from tests.telegram_api.peer import Peer, bots_of, running_peer


@pytest_asyncio.fixture
async def peer(tmp_path: Path) -> AsyncIterator[Peer]:
    """A playground of the test's own."""
    async with running_peer(tmp_path / "playground") as running:
        yield running


@pytest_asyncio.fixture
async def bots(peer: Peer) -> AsyncIterator[Bots]:
    """Our clients of its bots."""
    async with bots_of(peer.url) as clients:
        yield clients
