"""Gives these tests a Telegram, and lets them read log lines."""

from tests.observability.fixtures import written
from tests.telegram_api.fixtures import bots, peer

__all__ = ["bots", "peer", "written"]
