"""OTLP over HTTP, from OpenTelemetry's own exporters and from whoever gets it wrong."""

import asyncio
import gzip
import re
from collections.abc import AsyncIterator

import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer
from opentelemetry._logs import SeverityNumber
from opentelemetry.exporter.otlp.proto.http import Compression
from opentelemetry.exporter.otlp.proto.http._log_exporter import OTLPLogExporter
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk._logs import LoggerProvider
from opentelemetry.sdk._logs.export import SimpleLogRecordProcessor
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.sampling import ALWAYS_OFF, ALWAYS_ON, Sampler
from opentelemetry.trace import Link, SpanContext
from opentelemetry.util.types import Attributes

from services.playground import PlaygroundSettings
from services.playground.server import application, open_state
from services.playground.state import State
from services.playground.telemetry import store
from services.playground.telemetry.decoding import Malformed, read_log_lines, read_spans
from services.playground.telemetry.records import LogLine, Span
from services.playground.telemetry.store import Telemetry

Client = TestClient[web.Request, web.Application]
CAUSE = SpanContext(trace_id=1, span_id=1, is_remote=True)
RESOURCE = Resource({"service.name": "bot"})
PROTOBUF = {"Content-Type": "application/x-protobuf"}


@pytest.fixture
def state(settings: PlaygroundSettings) -> State:
    return open_state(settings)


@pytest.fixture
async def client(state: State) -> AsyncIterator[Client]:
    async with TestClient(TestServer(application(state))) as running:
        yield running
    state.db.close()


def _say(url: str, compression: Compression, sampler: Sampler = ALWAYS_ON) -> str:
    """Export a span with a log line in it as a service does; returns the id of the trace."""
    spans = TracerProvider(sampler, resource=RESOURCE)
    logs = LoggerProvider(resource=RESOURCE)
    spans.add_span_processor(
        SimpleSpanProcessor(OTLPSpanExporter(f"{url}/v1/traces", compression=compression))
    )
    logs.add_log_record_processor(
        SimpleLogRecordProcessor(OTLPLogExporter(f"{url}/v1/logs", compression=compression))
    )
    attributes: Attributes = {"attempt": 2, "apps": ["documents", "calendar"], "sql": "A\n B"}
    with spans.get_tracer("tests").start_as_current_span(
        "process", attributes=attributes, links=[Link(CAUSE)] * 2
    ) as span:
        logs.get_logger("tests").emit(
            body="handler.failed",
            severity_text="ERROR",
            severity_number=SeverityNumber.ERROR,
            attributes={"attempt": 1, "of": {"stream": "COMMANDS"}},
        )
        span.record_exception(ValueError("no such type"))
    spans.shutdown()
    logs.shutdown()
    return f"{span.get_span_context().trace_id:032x}"


@pytest.mark.parametrize("compression", [Compression.NoCompression, Compression.Gzip])
async def test_what_exporters_send_is_kept(
    state: State, client: Client, compression: Compression
) -> None:
    trace_id = await asyncio.to_thread(_say, str(client.make_url("")).rstrip("/"), compression)
    trace = state.telemetry.trace(trace_id)
    assert trace is not None
    (span,) = trace.spans.values()
    assert (span.service, span.name, span.parent_id) == ("bot", "process", "")
    assert span.attributes["apps"] == ("documents", "calendar")
    assert span.problems == ("ValueError: no such type",)
    assert span.start < span.end
    (line,) = trace.lines
    assert (line.service, line.level, line.event) == ("bot", "error", "handler.failed")
    assert line.fields == {"attempt": 1, "of": ("stream=COMMANDS",)}
    assert line.span_id == span.span_id


async def test_a_trace_is_read_as_text_by_its_id(client: Client) -> None:
    url = str(client.make_url("")).rstrip("/")
    trace_id = await asyncio.to_thread(_say, url, Compression.NoCompression)
    async with client.get(f"/sim/traces/{trace_id}.txt?attributes") as response:
        heading, *lines = (await response.text()).splitlines()
    assert re.fullmatch(rf"{trace_id} \S+Z took \S+ ms, bot", heading)
    times = re.compile(r"^( *[0-9.]+ ms)+")
    assert [times.sub("", line).strip() for line in lines] == [
        "bot process, 1 failed attempt, linked to " + f"{1:032x}",
        "apps = documents, calendar",
        "attempt = 2",
        "sql = A B",
        "bot error handler.failed attempt='1' of='stream=COMMANDS'",
    ]
    async with client.get(f"/sim/traces/{0:032x}.txt") as response:
        assert response.status == 404


async def test_of_a_trace_that_was_not_sampled_the_lines_are_read(client: Client) -> None:
    url = str(client.make_url("")).rstrip("/")
    trace_id = await asyncio.to_thread(_say, url, Compression.NoCompression, ALWAYS_OFF)
    async with client.get(f"/sim/traces/{trace_id}.txt") as response:
        heading, line = (await response.text()).splitlines()
    assert re.fullmatch(rf"{trace_id} \S+Z no spans, lines of bot", heading)
    assert "bot error handler.failed" in line


@pytest.mark.parametrize("path", ["/v1/traces", "/v1/logs"])
@pytest.mark.parametrize(
    ("body", "headers", "status"),
    [
        (b"\x0a\xffno protobuf", PROTOBUF, 400),
        (b"no gzip", PROTOBUF | {"Content-Encoding": "gzip"}, 400),
        (b"{}", {"Content-Type": "application/json"}, 415),
        (gzip.compress(bytes(9 * 1024 * 1024)), PROTOBUF | {"Content-Encoding": "gzip"}, 413),
        (b"", PROTOBUF, 200),
    ],
    ids=["no protobuf", "no gzip", "json", "too long", "nothing"],
)
async def test_what_cannot_be_read_is_refused(
    client: Client, path: str, body: bytes, headers: dict[str, str], status: int
) -> None:
    async with client.post(path, data=body, headers=headers) as response:
        assert response.status == status
        assert response.content_type == "application/x-protobuf"


@pytest.mark.parametrize("read", [read_spans, read_log_lines])
def test_bytes_of_another_kind_are_malformed(read: object) -> None:
    assert callable(read)
    with pytest.raises(Malformed):
        read(b"\xff\xff\xff")


def _span(number: int, name: str = "process", **changes: object) -> Span:
    values: dict[str, object] = {
        "trace_id": f"{number:032x}",
        "span_id": f"{number:016x}",
        "parent_id": "",
        "service": "bot",
        "name": name,
        "start": number,
        "end": number + 1,
        "failed": False,
        "attributes": {},
        "problems": (),
    }
    return Span(**(values | changes))  # type: ignore[arg-type] # the fields' own types


def test_only_so_much_is_kept_and_the_oldest_goes_first() -> None:
    telemetry = Telemetry()
    for number in range(1, store.TRACES_AT_MOST + 11):
        telemetry.receive(spans=[_span(number)])
    assert telemetry.trace(f"{10:032x}") is None
    assert telemetry.trace(f"{11:032x}") is not None


def test_one_endless_trace_does_not_push_out_all_others() -> None:
    telemetry = Telemetry()
    telemetry.receive(spans=[_span(1)])
    lines = [
        LogLine("2" * 32, "", "bot", number, "info", "said", {})
        for number in range(store.RECORDS_AT_MOST)
    ]
    telemetry.receive(lines=lines)
    assert telemetry.trace(f"{1:032x}") is not None
    endless = telemetry.trace("2" * 32)
    assert endless is not None
    assert endless.size == store.RECORDS_OF_A_TRACE


def test_a_message_has_the_traces_that_began_with_it_or_touched_it() -> None:
    telemetry = Telemetry()
    telemetry.note_update("documents", 5, 100)
    wrote = {"switchboard.update": "documents-100"}
    edited = {"telegram.bot_id": 7, "telegram.chat_id": 1001, "telegram.message_ids": (4, 5)}
    telemetry.receive(
        spans=[
            _span(1, "telegram receive", attributes=wrote),
            _span(3, "telegram editMessageText", attributes=edited),
            _span(2, "telegram editMessageText", attributes=edited | {"telegram.bot_id": 8}),
            _span(4, "telegram getUpdates"),
        ]
    )
    found = telemetry.traces_of("documents", 7, 5)
    assert [trace.start for trace in found] == [3, 1]
    assert telemetry.traces_of("documents", 7, 6) == []
    assert telemetry.trace(f"{4:032x}") is None
    latest = telemetry.latest(7, 1001)
    assert latest is not None
    assert latest.start == 3


def test_a_trace_is_whole_once_every_parent_is_there() -> None:
    telemetry = Telemetry()
    child = _span(1, span_id="b", parent_id="a")
    telemetry.receive(spans=[child, child])
    trace = telemetry.trace(child.trace_id)
    assert trace is not None
    assert (trace.is_whole, trace.size) == (False, 1)
    telemetry.receive(spans=[_span(1, span_id="a")])
    assert (trace.is_whole, trace.size) == (True, 2)
