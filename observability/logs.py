"""One form for every log line of the process, ours and the libraries', written once at start."""

import logging
import sys
import time
from typing import Literal, TextIO

import structlog
from opentelemetry import trace
from structlog.typing import EventDict, Processor, WrappedLogger

from observability.log_export import exporting_from
from observability.masking import discreet, masked

LogFormat = Literal["json", "console"]

COLLECTOR_SILENCE = 60.0
"""Seconds."""


def configure_logs(
    level: str,
    format: LogFormat,  # noqa: A002 - called as its setting, LOG_FORMAT
    stream: TextIO | None = None,
    export_level: str | None = None,
) -> None:
    """Send all log lines from `level` up to the stream, standard output unless given.

    Libraries that use the standard `logging` are heard from warning up. Every line carries what
    is bound in structlog's context variables; a service binds its name there as `service`. Lines
    of a service that exports its logs are exported, too, from `export_level` up: from `level`
    unless given.
    """
    output = stream or sys.stdout
    threshold = _number(level)
    exported = _number(export_level or level)
    renderer = _renderer(format, colors=output.isatty())
    structlog.configure(
        processors=[
            *_describing(),
            exporting_from(exported),
            _writing_from(threshold),
            renderer,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(min(threshold, exported)),
        logger_factory=structlog.WriteLoggerFactory(output),
        # Not cached: a logger used before this call would keep writing in the old form.
        cache_logger_on_first_use=False,
    )
    _route_libraries(max(threshold, logging.WARNING), renderer, output)


def _number(level: str) -> int:
    return logging.getLevelNamesMapping()[level.upper()]


def _writing_from(threshold: int) -> Processor:
    """End here what was described for the export alone."""

    def write(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
        if _number(event["level"]) < threshold:
            raise structlog.DropEvent
        return event

    return write


def _describing() -> list[Processor]:
    """What is added to an event before it is written."""
    return [
        structlog.contextvars.merge_contextvars,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True, key="time"),
        add_trace,
        structlog.processors.StackInfoRenderer(),
        structlog.processors.format_exc_info,
        structlog.processors.UnicodeDecoder(),
        _quoting_no_rows,
    ]


def _renderer(log_format: LogFormat, *, colors: bool) -> Processor:
    """How an event becomes a line; secrets are cut from the finished line, so none is missed."""
    render: Processor
    if log_format == "json":
        render = structlog.processors.JSONRenderer(ensure_ascii=False)
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


def _quoting_no_rows(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    """Cut what errors of PostgreSQL quote of rows, while their lines can still be told apart."""
    for name, value in event.items():
        if not name.startswith("_"):  # structlog's own
            event[name] = _discreet(value)
    return event


def _discreet(value: object) -> object:
    if isinstance(value, str):
        return discreet(value)
    if isinstance(value, BaseException):
        return f"{type(value).__name__}({discreet(str(value))!r})"
    if isinstance(value, dict):
        return {name: _discreet(part) for name, part in value.items()}
    return [_discreet(part) for part in value] if isinstance(value, list | tuple) else value


def add_trace(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    """Add the ids of the current span, which link a line to its trace."""
    span = trace.get_current_span().get_span_context()
    if span.is_valid:
        event["trace_id"] = trace.format_trace_id(span.trace_id)
        event["span_id"] = trace.format_span_id(span.span_id)
    return event


class _CollectorTrouble(logging.Filter):
    """Says that the collector is away once a minute: exporters say it at length at each attempt."""

    def __init__(self) -> None:
        super().__init__()
        self._said = -COLLECTOR_SILENCE

    def filter(self, record: logging.LogRecord) -> bool:
        """Pass what others say; shorten what exporters say."""
        if not record.name.startswith("opentelemetry.exporter"):
            return True
        if time.monotonic() - self._said < COLLECTOR_SILENCE:
            return False
        self._said = time.monotonic()
        record.msg, record.args, record.exc_info = "the telemetry collector is away", (), None
        return True


class _MaskedHandler(logging.StreamHandler[TextIO]):
    """Says also of a line that cannot be written no more than may be known."""

    def handleError(self, record: logging.LogRecord) -> None:  # logging's own name
        """Write where a wrong line was logged, without what was to be in it."""
        self.stream.write(f"a log line cannot be written: {record.pathname}:{record.lineno}\n")


def _route_libraries(threshold: int, renderer: Processor, output: TextIO) -> None:
    handler = _MaskedHandler(output)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=[structlog.stdlib.add_logger_name, *_describing()],
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                exporting_from(threshold),
                renderer,
            ],
        )
    )
    handler.addFilter(_CollectorTrouble())
    logging.basicConfig(level=threshold, handlers=[handler], force=True)
    logging.captureWarnings(True)
