"""Chat actions ("typing…"): shown for a few seconds, kept nowhere."""

import time
from dataclasses import dataclass, field
from math import inf

from services.playground.chats import ChatKey
from services.playground.signals import Signal

SHOWN_FOR = 5.0


@dataclass
class TypingStatus:
    """What a bot is about to do in a chat, until it does it or time passes."""

    changed: Signal
    _actions: dict[ChatKey, tuple[str, float]] = field(default_factory=dict)

    def show(self, key: ChatKey, action: str) -> None:
        """From now on, for a few seconds."""
        self._actions[key] = (action, time.monotonic() + SHOWN_FOR)
        self.changed.fire()

    def clear(self, key: ChatKey) -> None:
        """The bot has said what it was about to say."""
        self._actions.pop(key, None)

    def current(self, key: ChatKey) -> str | None:
        """The action to show now."""
        action, until = self._actions.get(key, ("", 0.0))
        return action if until > time.monotonic() else None

    def first_end(self) -> float:
        """Seconds until the first action now shown is over; infinite when none is shown."""
        now = time.monotonic()
        return min((until - now for _, until in self._actions.values() if until > now), default=inf)
