"""The last Bot API calls with their answers, for tests to look at."""

import time
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from services.playground.bots import Bot
from services.playground.json_text import from_json_text
from services.playground.parameters import Parameters

CAPACITY = 1000


@dataclass(frozen=True)
class Call:
    """One call: when (Unix time), whose, what, and what it was answered."""

    at: float
    bot: str
    method: str
    parameters: dict[str, Any]
    answer: dict[str, Any]


@dataclass
class Outbox:
    """A ring of calls; getUpdates is left out, it would push everything else out."""

    calls: deque[Call] = field(default_factory=lambda: deque(maxlen=CAPACITY))

    def record(self, bot: Bot, method: str, parameters: Parameters, answer: dict[str, Any]) -> None:
        """Remember a call. Secrets of a webhook are not for everybody's eyes."""
        if method.lower() == "getupdates":
            return
        shown = {name: _readable(value) for name, value in parameters.fields.items()}
        if "secret_token" in shown:
            shown["secret_token"] = "***"  # noqa: S105 - the very opposite of a secret
        for name, file in parameters.files.items():
            shown[name] = {"file_name": file.filename, "size": len(file.data)}
        self.calls.append(Call(time.time(), bot.app, method, shown, answer))

    def matching(self, bot: str | None, method: str | None) -> Iterator[Call]:
        """Calls of one bot and method, or of all, oldest first."""
        for call in self.calls:
            if bot in (None, call.bot) and (method or call.method).lower() == call.method.lower():
                yield call


def _readable(value: Any) -> Any:
    """Objects arrive as JSON text; show them as objects."""
    if isinstance(value, str) and value[:1] in ("{", "["):
        try:
            return from_json_text(value)
        except ValueError:
            return value
    return value
