"""Log lines of one service, sent to an OTLP collector beside being written."""

from collections.abc import Iterable, Mapping
from contextvars import ContextVar

from opentelemetry._logs import Logger, SeverityNumber
from opentelemetry.exporter.otlp.proto.http._log_exporter import OTLPLogExporter
from opentelemetry.sdk._logs import LoggerProvider
from opentelemetry.sdk._logs.export import BatchLogRecordProcessor
from opentelemetry.sdk.resources import SERVICE_NAME, Resource
from opentelemetry.util.types import AnyValue
from structlog.typing import EventDict

from observability.collector import collector_is_named, export_timeout
from observability.libraries import is_of_telemetry
from observability.masking import discreet

_exporting: ContextVar[Logger | None] = ContextVar("exporting", default=None)

_SAID_ELSEWHERE = frozenset({"event", "level", "time", "service", "trace_id", "span_id"})
"""Keys of a line that a record has places of its own for."""


def logger_provider(service: str) -> LoggerProvider:
    """Return a provider of its own for a service; without a collector it exports nothing.

    The delay of exports is what OTEL_BLRP_SCHEDULE_DELAY says.
    """
    provider = LoggerProvider(
        resource=Resource.create({SERVICE_NAME: service}), shutdown_on_exit=False
    )
    if collector_is_named("LOGS"):
        exporter = OTLPLogExporter(timeout=export_timeout("LOGS"))
        provider.add_log_record_processor(BatchLogRecordProcessor(exporter))
    return provider


def export_logs_by(provider: LoggerProvider) -> None:
    """Export what is logged from now on in this task, and in those that it starts."""
    exports = collector_is_named("LOGS")
    _exporting.set(provider.get_logger("switchboard") if exports else None)


def export(event: EventDict, number: int) -> None:
    """Export an event of this level, in a task whose lines are exported.

    Its texts have nothing to be masked any more; what else becomes a text is masked here.
    """
    logger = _exporting.get()
    if logger is None or is_of_telemetry(event):
        return
    logger.emit(
        severity_text=str(event["level"]).upper(),
        # Both scales have the same levels, ten apart here and four apart there.
        severity_number=SeverityNumber(1 + 4 * (number // 10)),
        body=str(event.get("event", "")),
        attributes={name: _value(event[name]) for name in event if _is_field(name)},
    )


def _is_field(name: str) -> bool:
    return name not in _SAID_ELSEWHERE and not name.startswith("_")


def _value(value: object) -> AnyValue:
    if value is None or isinstance(value, bool | int | float | str):
        return value
    if isinstance(value, Mapping):
        return {discreet(str(name)): _value(part) for name, part in value.items()}
    if isinstance(value, Iterable) and not isinstance(value, bytes):
        return [_value(part) for part in value]
    return discreet(str(value))
