"""A local Telegram: the Bot API over HTTP, and a chat page to play the person."""

from services.playground.server import Playground, playground
from services.playground.settings import PlaygroundSettings

__all__ = ["Playground", "PlaygroundSettings", "playground"]
