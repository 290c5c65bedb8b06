"""All services in this process, reached by webhook, and people to talk to the bot."""

import pytest

from tests.bus.conftest import bench, nats_server
from tests.flows.conftest import http, meet, person, report, running

__all__ = ["bench", "http", "meet", "nats_server", "person", "report", "running"]


@pytest.fixture(scope="module")
def other_settings() -> dict[str, str]:
    """By webhook, so that a test can bring what Telegram would."""
    return {"TELEGRAM_MODE": "webhook", "FLOOD_BURST": "100000"}
