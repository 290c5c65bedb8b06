"""One form for every log line of the process, ours and the libraries', written once at start."""

import logging
import sys
from typing import TextIO

import structlog
from opentelemetry import trace
from structlog.typing import EventDict, Processor, WrappedLogger

from observability.libraries import route_libraries
from observability.log_export import exporting_from
from observability.quoting import quoting_nobody
from observability.rendering import LogFormat, renderer_of


def configure_logs(
    level: str,
    format: LogFormat,  # noqa: A002 - called as its setting, LOG_FORMAT
    stream: TextIO | None = None,
    export_level: str | None = None,
    service: str = "",
) -> None:
    """Send all log lines from `level` up to the stream, standard output unless given.

    Libraries that use the standard `logging` are heard from warning up. Every line carries what
    is bound in structlog's context variables; a service binds its name there as `service`, and
    lines of none of them are said to be of the one given here. Lines of a service that exports its
    logs are exported, too, from `export_level` up: from `level` unless given.
    """
    output = stream or sys.stdout
    threshold = _number(level)
    exported = _number(export_level or level)
    renderer = renderer_of(format, colors=output.isatty())
    describing = _describing(service)
    structlog.configure(
        processors=[
            *describing,
            exporting_from(exported),
            _writing_from(threshold),
            renderer,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(min(threshold, exported)),
        logger_factory=structlog.WriteLoggerFactory(output),
        # Not cached: a logger used before this call would keep writing in the old form.
        cache_logger_on_first_use=False,
    )
    of_libraries = max(threshold, logging.WARNING)
    writing = [exporting_from(of_libraries), renderer]
    route_libraries(of_libraries, describing, writing, output)


def _number(level: str) -> int:
    return logging.getLevelNamesMapping()[level.upper()]


def _writing_from(threshold: int) -> Processor:
    """End here what was described for the export alone."""

    def write(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
        if _number(event["level"]) < threshold:
            raise structlog.DropEvent
        return event

    return write


def _describing(service: str) -> list[Processor]:
    """What is added to an event before it is written, or taken from it."""

    def name_service(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
        if service:
            event.setdefault("service", service)
        return event

    return [
        structlog.contextvars.merge_contextvars,
        name_service,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True, key="time"),
        add_trace,
        structlog.processors.StackInfoRenderer(),
        structlog.processors.format_exc_info,
        structlog.processors.UnicodeDecoder(),
        quoting_nobody,
    ]


def add_trace(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    """Add the ids of the current span, which link a line to its trace."""
    span = trace.get_current_span().get_span_context()
    if span.is_valid:
        event["trace_id"] = trace.format_trace_id(span.trace_id)
        event["span_id"] = trace.format_span_id(span.span_id)
    return event
