"""How an event becomes a line: JSON for machines, or columns for people."""

from collections.abc import Callable
from typing import Literal

import msgspec
import structlog
from structlog.typing import EventDict

LogFormat = Literal["json", "console"]

_encoder = msgspec.json.Encoder(enc_hook=repr)


Render = Callable[[EventDict], str]
"""Makes a line of an event."""


def renderer_of(log_format: LogFormat, *, colors: bool) -> Render:
    """Return what makes lines; of what stands in them nothing is cut."""
    if log_format == "json":
        return to_json
    render = structlog.dev.ConsoleRenderer(
        colors=colors,
        timestamp_key="time",
        # Rich tracebacks would print local variables, secrets included.
        exception_formatter=structlog.dev.plain_traceback,
    )
    return lambda event: str(render(None, "", dict(event)))


def to_json(event: EventDict) -> str:
    """Return an event as one line of JSON."""
    try:
        return _encoder.encode(event).decode()
    except (TypeError, ValueError, OverflowError, RecursionError):
        # A line about trouble must not be lost because of what stands in it.
        return _encoder.encode({name: _plain(value) for name, value in event.items()}).decode()


def _plain(value: object) -> object:
    if value is None or isinstance(value, bool | float):
        return value
    return value.encode(errors="replace").decode() if isinstance(value, str) else repr(value)
