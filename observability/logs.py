"""One form for every log line of the process, ours and the libraries', written once at start."""

import logging
import sys
import time
from datetime import UTC, datetime
from functools import lru_cache, partial
from typing import Any, TextIO

import structlog
from opentelemetry import trace
from structlog.processors import StackInfoRenderer, format_exc_info
from structlog.typing import EventDict, WrappedLogger

from observability.handling import said_by_all
from observability.lean_spans import LeanSpan
from observability.levels import write_from
from observability.libraries import route_libraries
from observability.log_export import export
from observability.masking import masked
from observability.quoting import are_plain, quotes_nobody, quoting_nobody
from observability.rendering import LogFormat, Render, renderer_of, to_json

_NUMBERS = {name.lower(): number for name, number in logging.getLevelNamesMapping().items()}
_LEVELS = {"warn": "warning", "exception": "error"}
"""What methods of a logger are called, and another name of theirs."""
_format_stack = StackInfoRenderer()


def configure_logs(
    level: str,
    format: LogFormat,  # noqa: A002 - called as its setting, LOG_FORMAT
    stream: TextIO | None = None,
    export_level: str | None = None,
    service: str = "",
) -> None:
    """Send all log lines from `level` up to the stream, standard output unless given.

    Libraries that use the standard `logging` are heard from warning up. Every line carries what
    `observability.handling` binds, and nothing that is bound to structlog; a service binds its name
    there as `service`, and lines of none of them are said to be of the one given here. Lines of a
    service that exports its logs are exported, too, from `export_level` up: from `level` unless
    given.
    """
    output = stream or sys.stdout
    threshold = _NUMBERS[level.lower()]
    exported = _NUMBERS[(export_level or level).lower()]
    lines = Lines(renderer_of(format, colors=output.isatty()), threshold, exported, service)
    structlog.configure(
        processors=[lines],
        wrapper_class=structlog.make_filtering_bound_logger(min(threshold, exported)),
        logger_factory=structlog.WriteLoggerFactory(output),
        # Not cached: a logger used before this call would keep writing in the old form.
        cache_logger_on_first_use=False,
    )
    write_from(min(threshold, exported), partial(_inform, lines, structlog.WriteLogger(output)))
    of_libraries = max(threshold, logging.WARNING)
    route_libraries(of_libraries, Lines(lines.render, of_libraries, of_libraries, service), output)


def _inform(lines: "Lines", output: structlog.WriteLogger, event: str, **said: Any) -> None:
    try:
        line = lines(output, "info", {"event": event, **said})
    except structlog.DropEvent:
        return
    output.info(line)


class Lines:
    """Makes the line of an event, in one step: most lines say little, and nothing to be cut."""

    def __init__(self, render: Render, threshold: int, exported: int, service: str) -> None:
        self.render = render
        self._threshold = threshold
        self._exported = exported
        self._service = service

    def __call__(self, _logger: WrappedLogger, method: str, event: EventDict) -> str:
        """Return the line; of an event for the export alone there is none."""
        event = self._described(method, event)
        number = _NUMBERS.get(event["level"], logging.INFO)
        line = self.render(event)
        if self.render is not to_json or not quotes_nobody(event, line):
            event = quoting_nobody(event)
            # Cut from the finished line, too, so that none is missed.
            line = masked(self.render(event))
        if number >= self._exported:
            export(event, number)
        if number < self._threshold:
            raise structlog.DropEvent
        return line

    def _described(self, method: str, event: EventDict) -> EventDict:
        # What stands first for whoever reads JSON with their own eyes, then what is of this line.
        said: EventDict = {
            "time": "",
            "level": "",
            "service": self._service,
            "app": "",
            "event": "",
            **event,
            **said_by_all(),
            **event,
        }
        said["time"], said["level"] = _now(), _LEVELS.get(method, method)
        for name in ("service", "app"):
            if not said[name]:
                del said[name]
        add_trace(said)
        if "stack_info" in said:
            said = dict(_format_stack(None, method, said))
        if "exc_info" in said:
            said = dict(format_exc_info(None, method, said))
        if not are_plain(said):
            for name, value in said.items():
                if isinstance(value, bytes):
                    said[name] = value.decode(errors="replace")
        return said


def _now() -> str:
    seconds, nanoseconds = divmod(time.time_ns(), 1_000_000_000)
    return f"{_second(seconds)}.{nanoseconds // 1000:06}Z"


@lru_cache(maxsize=2)
def _second(seconds: int) -> str:
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%dT%H:%M:%S")


def add_trace(event: EventDict) -> None:
    """Add the ids of the current span, which link a line to its trace."""
    span = trace.get_current_span()
    if isinstance(span, LeanSpan):
        event["trace_id"], event["span_id"] = span.ids
        return
    where = span.get_span_context()
    if where.is_valid:
        event["trace_id"] = trace.format_trace_id(where.trace_id)
        event["span_id"] = trace.format_span_id(where.span_id)
