"""Spans leave the process without secrets: errors that they record quote addresses and values."""

from collections.abc import Iterable, Mapping, Sequence

from opentelemetry.sdk.trace import Event, ReadableSpan
from opentelemetry.sdk.trace.export import SpanExporter, SpanExportResult
from opentelemetry.trace import Link, Status
from opentelemetry.util.types import Attributes, AttributeValue

from observability.masking import discreet, remembered

LONGEST_REMEMBERED = 2048
"""Characters; as long as the longest statement that a span holds."""


class MaskedSpans(SpanExporter):
    """Masks spans on their way into another exporter."""

    def __init__(self, exporter: SpanExporter) -> None:
        self._exporter = exporter

    def export(self, spans: Sequence[ReadableSpan]) -> SpanExportResult:
        """Export masked copies."""
        return self._exporter.export([_masked(span) for span in spans])

    def shutdown(self) -> None:
        """Shut the other one down."""
        self._exporter.shutdown()

    def force_flush(self, timeout_millis: int = 30000) -> bool:
        """Flush the other one."""
        return self._exporter.force_flush(timeout_millis)


def _masked(span: ReadableSpan) -> ReadableSpan:
    description = span.status.description
    return ReadableSpan(
        name=_clean(span.name),
        context=span.context,
        parent=span.parent,
        resource=span.resource,
        attributes=_masked_attributes(span.attributes),
        events=[
            Event(_clean(event.name), _masked_attributes(event.attributes), event.timestamp)
            for event in span.events
        ],
        links=[Link(link.context, _masked_attributes(link.attributes)) for link in span.links],
        kind=span.kind,
        status=Status(span.status.status_code, _clean(description) if description else None),
        start_time=span.start_time,
        end_time=span.end_time,
        instrumentation_scope=span.instrumentation_scope,
    )


def _masked_attributes(attributes: Attributes) -> Mapping[str, AttributeValue]:
    return {name: _masked_value(value) for name, value in (attributes or {}).items()}


def _masked_value(value: AttributeValue) -> AttributeValue:
    if isinstance(value, str):
        return _clean(value)
    if isinstance(value, Iterable):
        return [_clean(part) if isinstance(part, str) else part for part in value]
    return value


def _clean(text: str) -> str:
    # Most that spans say they say again and again: names, systems, statements. No stack does.
    said = remembered(text) if len(text) <= LONGEST_REMEMBERED else discreet(text)
    # Half a character, as JSON may hold, cannot be encoded: all spans of its batch would be lost.
    return said if said.isascii() else said.encode(errors="replace").decode()
