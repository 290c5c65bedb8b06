"""Lines of libraries that use the standard `logging`, and warnings, in the form of ours."""

import logging
import time
from typing import TextIO

import structlog
from structlog.typing import EventDict, Processor, WrappedLogger

SAID = "library.said"
COLLECTOR_AWAY = "telemetry.collector_away"
SILENCE = 60.0
"""Seconds until telemetry says the same of itself again."""

_TELEMETRY = ("opentelemetry", "urllib3", "requests")
_EXPORTERS = ("opentelemetry.exporter", "urllib3", "requests")


def route_libraries(threshold: int, lines: Processor, output: TextIO) -> None:
    """Send what libraries log from `threshold` up to the output, in lines made by this."""
    handler = _MaskedHandler(output)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=[_in_our_form],
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, lines],
        )
    )
    handler.addFilter(_TelemetryTrouble())
    logging.basicConfig(level=threshold, handlers=[handler], force=True)
    logging.captureWarnings(True)


def is_of_telemetry(event: EventDict) -> bool:
    """Whether a line is telemetry's own: exported, each failed export would cause the next."""
    return str(event.get("logger", "")).startswith(_TELEMETRY)


def _in_our_form(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    """Their words become a field: an event has a name by which it is looked for."""
    event["logger"] = event["_record"].name
    if event["event"] != COLLECTOR_AWAY:
        event["text"], event["event"] = str(event["event"]).strip(), SAID
    return event


class _TelemetryTrouble(logging.Filter):
    """Says what telemetry says of itself once a minute, and of its exporters only the fact.

    They say at each attempt, and at length, that the collector is away.
    """

    def __init__(self) -> None:
        super().__init__()
        self._silent_until: dict[str, float] = {}

    def filter(self, record: logging.LogRecord) -> bool:
        """Pass what others say; shorten what exporters say."""
        if not record.name.startswith(_TELEMETRY):
            return True
        if record.name.startswith(_EXPORTERS):
            record.msg, record.args, record.exc_info = COLLECTOR_AWAY, (), None
        now, said = time.monotonic(), str(record.msg)
        if now < self._silent_until.get(said, 0.0):
            return False
        # Few have a text of their own each time; those that have are forgotten with time.
        self._silent_until = {s: until for s, until in self._silent_until.items() if until > now}
        self._silent_until[said] = now + SILENCE
        return True


class _MaskedHandler(logging.StreamHandler[TextIO]):
    """Says also of a line that cannot be written no more than may be known."""

    def handleError(self, record: logging.LogRecord) -> None:  # logging's own name
        """Write where a wrong line was logged, without what was to be in it."""
        self.stream.write(f"a log line cannot be written: {record.pathname}:{record.lineno}\n")
