"""All services in this process, reached by webhook, and people to talk to the bot."""

import aiohttp
import pytest
import pytest_asyncio

from tests.bus.conftest import bench, nats_server
from tests.flows.conftest import UNTOLD, http, meet, person, report, running
from tests.security.webhook import Webhook

__all__ = ["bench", "http", "meet", "nats_server", "person", "report", "running"]


@pytest.fixture(scope="module")
def other_settings() -> dict[str, str]:
    """By webhook, so that a test can bring what Telegram would."""
    return {**UNTOLD, "TELEGRAM_MODE": "webhook"}


@pytest_asyncio.fixture(loop_scope="session")
async def webhook(http: aiohttp.ClientSession, migrated: dict[str, str]) -> Webhook:
    """The gateway's own address and secret."""
    return Webhook(http, migrated["WEBHOOK_URL"], migrated["WEBHOOK_SECRET"])
