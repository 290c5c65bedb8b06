"""Spans leave the process without secrets: errors that they record quote addresses and values."""

from collections.abc import Iterable, Mapping

from opentelemetry.sdk.trace import Event, ReadableSpan
from opentelemetry.trace import Link, Status
from opentelemetry.util.types import Attributes, AttributeValue

from observability.masking import discreet, remembered

LONGEST_REMEMBERED = 2048
"""Characters; as long as the longest statement that a span holds."""


def masked_span(span: ReadableSpan) -> ReadableSpan:
    """Return a copy of a span without secrets."""
    description = span.status.description
    return ReadableSpan(
        name=clean(span.name),
        context=span.context,
        parent=span.parent,
        resource=span.resource,
        attributes=_masked_attributes(span.attributes),
        events=[
            Event(clean(event.name), _masked_attributes(event.attributes), event.timestamp)
            for event in span.events
        ],
        links=[Link(link.context, _masked_attributes(link.attributes)) for link in span.links],
        kind=span.kind,
        status=Status(span.status.status_code, clean(description) if description else None),
        start_time=span.start_time,
        end_time=span.end_time,
        instrumentation_scope=span.instrumentation_scope,
    )


def _masked_attributes(attributes: Attributes) -> Mapping[str, AttributeValue]:
    return {name: _masked_value(value) for name, value in (attributes or {}).items()}


def _masked_value(value: AttributeValue) -> AttributeValue:
    if isinstance(value, str):
        return clean(value)
    if isinstance(value, Iterable):
        return [clean(part) if isinstance(part, str) else part for part in value]
    return value


def clean(text: str) -> str:
    """Return a text of a span without secrets, as it can be encoded."""
    # Most that spans say they say again and again: names, systems, statements. No stack does.
    said = remembered(text) if len(text) <= LONGEST_REMEMBERED else discreet(text)
    # Half a character, as JSON may hold, cannot be encoded: all spans of its batch would be lost.
    return said if said.isascii() else said.encode(errors="replace").decode()
