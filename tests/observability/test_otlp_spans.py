"""The bytes of spans are those of OpenTelemetry's own encoder, whatever the spans say."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from opentelemetry.exporter.otlp.proto.common.trace_encoder import encode_spans
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import Event, ReadableSpan
from opentelemetry.sdk.util.instrumentation import InstrumentationScope
from opentelemetry.trace import (
    Link,
    SpanContext,
    SpanKind,
    Status,
    StatusCode,
    TraceFlags,
    TraceState,
)

from observability.otlp_spans import encoded
from observability.span_masking import masked_span

TEXTS = st.text(max_size=20) | st.sampled_from(["123456789:" + "A" * 35, "half \ud83d", "x" * 300])
SMALL, LARGE = st.integers(1, 2**64 - 1), st.integers(1, 2**128 - 1)
VALUES = st.one_of(
    TEXTS,
    st.integers(-(2**63), 2**63 - 1),
    st.booleans(),
    st.floats(allow_nan=False),
    st.lists(TEXTS, max_size=3),
    st.lists(st.integers(0, 9), max_size=3),
)
ATTRIBUTES = st.dictionaries(st.text("abc.", min_size=1, max_size=5), VALUES, max_size=4)
CONTEXTS = st.builds(
    SpanContext,
    LARGE,
    SMALL,
    is_remote=st.booleans(),
    trace_flags=st.just(TraceFlags(1)),
    trace_state=st.sampled_from([None, TraceState([("a", "b")])]),
)
STATUSES = st.builds(Status, st.just(StatusCode.ERROR), st.none() | TEXTS) | st.sampled_from(
    [Status(StatusCode.OK), Status(StatusCode.UNSET)]
)
RESOURCE = Resource({"service.name": "bot"})
SCOPES = [InstrumentationScope("switchboard.bot", schema_url="https://x.org"), None]
SPANS = st.builds(
    ReadableSpan,
    name=TEXTS,
    context=CONTEXTS,
    parent=st.none() | CONTEXTS,
    resource=st.just(RESOURCE),
    attributes=ATTRIBUTES,
    events=st.lists(st.builds(Event, TEXTS, ATTRIBUTES, st.integers(0, 9)), max_size=1),
    links=st.lists(st.builds(Link, CONTEXTS, ATTRIBUTES), max_size=1),
    kind=st.sampled_from(SpanKind),
    status=STATUSES,
    start_time=st.integers(0, 2**63),
    end_time=st.integers(0, 2**63),
    instrumentation_scope=st.sampled_from(SCOPES),
)


@given(st.lists(SPANS, max_size=5))
def test_the_bytes_are_those_of_the_sdk(spans: list[ReadableSpan]) -> None:
    ours = ExportTraceServiceRequest.FromString(encoded(spans))
    theirs = encode_spans([masked_span(span) for span in spans])
    assert told(ours) == told(theirs)


def told(request: ExportTraceServiceRequest) -> list[bytes]:
    """Return each span with its resource and scope, in the order in which they come."""
    return [
        b"|".join(
            part.SerializeToString(deterministic=True) for part in (resource.resource, scope, span)
        )
        for resource in request.resource_spans
        for whole in resource.scope_spans
        for scope in [whole.scope]
        for span in whole.spans
    ]


def test_what_the_exporter_sends_by_is_where_it_was() -> None:
    exporter = OTLPSpanExporter(endpoint="http://127.0.0.1:1")
    assert callable(exporter._client.export)


def test_a_secret_is_in_no_bytes() -> None:
    token = "123456789:AAF-this_is_the_secret_half_of_a_token"
    context = SpanContext(1, 2, is_remote=False, trace_flags=TraceFlags(1))
    status = Status(StatusCode.ERROR, token)
    for events in ([], [Event(token, {"of": token})]):
        span = ReadableSpan(
            token, context, None, RESOURCE, {token[:9]: token}, events, status=status
        )
        assert token[10:].encode() not in encoded([span])


@pytest.mark.parametrize("number", [0, 127, 128, 2**32, 2**63 - 1])
def test_numbers_of_any_length_are_read_back(number: int) -> None:
    context = SpanContext(1, 2, is_remote=False, trace_flags=TraceFlags(1))
    span = ReadableSpan("x", context, None, RESOURCE, {"n": number}, start_time=1, end_time=2)
    request = ExportTraceServiceRequest.FromString(encoded([span]))
    (read,) = request.resource_spans[0].scope_spans[0].spans
    assert read.attributes[0].value.int_value == number
