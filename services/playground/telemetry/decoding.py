"""OTLP's messages as spans and log lines; what is of no interest to the page is left out."""

from collections.abc import Iterable, Iterator
from sys import intern

from google.protobuf.message import (  # type: ignore[import-untyped] # published without types
    DecodeError,
)
from opentelemetry.proto.collector.logs.v1.logs_service_pb2 import ExportLogsServiceRequest
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from opentelemetry.proto.common.v1.common_pb2 import AnyValue, KeyValue
from opentelemetry.proto.logs.v1.logs_pb2 import LogRecord
from opentelemetry.proto.trace.v1 import trace_pb2

from services.playground.telemetry.records import LogLine, Span, Value


class Malformed(Exception):
    """The bytes are not what they should be; the text says why."""


def read_spans(body: bytes) -> list[Span]:
    """The spans of a request to /v1/traces; raises Malformed."""
    request = ExportTraceServiceRequest()
    _parse(request, body)
    return [
        _span(span, service)
        for resource in request.resource_spans
        for service in [_service(resource.resource.attributes)]
        for scope in resource.scope_spans
        for span in scope.spans
    ]


def read_log_lines(body: bytes) -> list[LogLine]:
    """The log lines of a request to /v1/logs; raises Malformed."""
    request = ExportLogsServiceRequest()
    _parse(request, body)
    return [
        _log_line(record, service)
        for resource in request.resource_logs
        for service in [_service(resource.resource.attributes)]
        for scope in resource.scope_logs
        for record in scope.log_records
    ]


def _parse(request: ExportTraceServiceRequest | ExportLogsServiceRequest, body: bytes) -> None:
    try:
        request.ParseFromString(body)
    except DecodeError as error:
        raise Malformed(str(error)) from None


def _span(span: trace_pb2.Span, service: str) -> Span:
    return Span(
        trace_id=intern(span.trace_id.hex()),
        span_id=span.span_id.hex(),
        parent_id=span.parent_span_id.hex(),
        service=service,
        name=intern(span.name),
        start=span.start_time_unix_nano,
        end=max(span.end_time_unix_nano, span.start_time_unix_nano),
        failed=span.status.code == trace_pb2.Status.STATUS_CODE_ERROR,
        attributes=dict(_attributes(span.attributes)),
        problems=tuple(_problems(span.events)),
        links=tuple(link.trace_id.hex() for link in span.links),
    )


def _log_line(record: LogRecord, service: str) -> LogLine:
    return LogLine(
        trace_id=intern(record.trace_id.hex()),
        span_id=record.span_id.hex(),
        service=service,
        time=record.time_unix_nano or record.observed_time_unix_nano,
        level=record.severity_text.lower(),
        event=str(_value(record.body)),
        fields=dict(_attributes(record.attributes)),
    )


def _problems(events: Iterable[trace_pb2.Span.Event]) -> Iterator[str]:
    for event in events:
        if event.name == "exception":
            said = dict(_attributes(event.attributes))
            yield f"{said.get('exception.type', '')}: {said.get('exception.message', '')}"


def _service(attributes: Iterable[KeyValue]) -> str:
    return str(dict(_attributes(attributes)).get("service.name", ""))


def _attributes(attributes: Iterable[KeyValue]) -> Iterator[tuple[str, Value]]:
    # Thousands of spans say the same names and subjects: each text is kept once.
    return ((intern(pair.key), _value(pair.value)) for pair in attributes)


def _value(value: AnyValue) -> Value:
    match value.WhichOneof("value"):
        case "string_value":
            return intern(value.string_value)
        case "int_value":
            return value.int_value
        case "double_value":
            return value.double_value
        case "bool_value":
            return value.bool_value
        case "array_value":
            return tuple(_flat(part) for part in value.array_value.values)
        case "kvlist_value":
            return tuple(f"{pair.key}={_flat(pair.value)}" for pair in value.kvlist_value.values)
        case "bytes_value":
            return value.bytes_value.hex()
    return ""


def _flat(value: AnyValue) -> str | int | float | bool:
    inner = _value(value)
    return ", ".join(map(str, inner)) if isinstance(inner, tuple) else inner
