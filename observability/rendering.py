"""How an event becomes a line: JSON for machines, or columns for people."""

from typing import Any, Literal

import msgspec
import structlog
from structlog.typing import EventDict, Processor, WrappedLogger

from observability.masking import masked

LogFormat = Literal["json", "console"]

_FIRST = ("time", "level", "service", "app", "event")
"""Fields that stand first, for whoever reads JSON with their own eyes."""
_encoder = msgspec.json.Encoder(enc_hook=repr)


def renderer_of(log_format: LogFormat, *, colors: bool) -> Processor:
    """Return what makes lines; secrets are cut from the finished line, so none is missed."""
    render: Processor
    if log_format == "json":
        render = _to_json
    else:
        render = structlog.dev.ConsoleRenderer(
            colors=colors,
            timestamp_key="time",
            # Rich tracebacks would print local variables, secrets included.
            exception_formatter=structlog.dev.plain_traceback,
        )

    def render_masked(logger: WrappedLogger, method: str, event: EventDict) -> str:
        return masked(str(render(logger, method, event)))

    return render_masked


def _to_json(_logger: WrappedLogger, _method: str, event: EventDict) -> str:
    ordered: dict[str, Any] = {name: event.pop(name) for name in _FIRST if name in event}
    ordered |= event
    try:
        return _encoder.encode(ordered).decode()
    except (TypeError, ValueError, OverflowError, RecursionError):
        # A line about trouble must not be lost because of what stands in it.
        return _encoder.encode({name: _plain(value) for name, value in ordered.items()}).decode()


def _plain(value: object) -> object:
    if value is None or isinstance(value, bool | float):
        return value
    return value.encode(errors="replace").decode() if isinstance(value, str) else repr(value)
