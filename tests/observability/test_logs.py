"""Log lines: one form for ours and the libraries', with their trace and without secrets."""

import base64
import io
import json
import logging
import subprocess
import sys
from collections.abc import Callable
from typing import Any
from urllib.parse import quote, quote_plus

import pytest
import structlog
from opentelemetry.sdk.trace import TracerProvider

from observability.handling import handling
from observability.levels import inform
from observability.logs import configure_logs
from observability.masking import hide, masked
from observability.traces import current_trace_id

TOKEN = "123456789:AAF-this_is_the_secret_half_of_a_token"
LIBRARIES = [
    "aiogram.event",
    "aiohttp.access",
    "aiohttp.server",
    "alembic.runtime.migration",
    "asyncio",
    "nats.aio.client",
    "py.warnings",
    "sqlalchemy.pool",
]
log = structlog.get_logger()


def lines(stream: io.StringIO) -> list[dict[str, Any]]:
    """Read the lines back."""
    return [json.loads(line) for line in stream.getvalue().splitlines()]


def test_a_line_says_when_what_and_in_which_service(written: io.StringIO) -> None:
    with handling(service="bot"):
        log.info("update.published", app="documents", name="Документ")
    (line,) = lines(written)
    assert line.pop("time").endswith("Z")
    assert line == {
        "event": "update.published",
        "level": "info",
        "service": "bot",
        "app": "documents",
        "name": "Документ",
    }


def test_a_line_below_the_level_is_left_out(written: io.StringIO) -> None:
    log.debug("form.invalid")
    assert lines(written) == []


def test_the_line_of_each_message_is_as_any_other(written: io.StringIO) -> None:
    with handling(service="query", app="documents", query="query.documents.list_types"):
        log.info("query.answered", outcome="answered")
        inform("query.answered", outcome="answered")
    usual, frequent = written.getvalue().splitlines()
    for line in (usual, frequent):
        fields = json.loads(line)
        assert [*fields][:5] == ["time", "level", "service", "app", "event"]
        assert [*fields][5:] == ["outcome", "query"]
    assert usual.partition('"level"')[2] == frequent.partition('"level"')[2]
    configure_logs("ERROR", "json", written)
    inform("query.answered", outcome="answered")
    assert len(written.getvalue().splitlines()) == 2


def test_a_line_in_a_span_is_linked_to_its_trace(written: io.StringIO) -> None:
    assert current_trace_id() == ""
    with TracerProvider().get_tracer("tests").start_as_current_span("press"):
        log.info("press.handled")
        trace_id = current_trace_id()
    (line,) = lines(written)
    assert line["trace_id"] == trace_id
    assert len(line["trace_id"]) == 32
    assert len(line["span_id"]) == 16


def test_libraries_are_heard_from_warning_up_in_the_same_form(written: io.StringIO) -> None:
    with handling(service="bot", message_id="documents-7"):
        for name in LIBRARIES:
            logging.getLogger(name).info("noise")
            logging.getLogger(name).warning("update %s lost\n", 7)
    said = lines(written)
    assert [line.pop("logger") for line in said] == LIBRARIES
    for line in said:
        assert line.pop("time").endswith("Z")
        assert line == {
            "event": "library.said",
            "text": "update 7 lost",
            "level": "warning",
            "service": "bot",
            "message_id": "documents-7",
        }


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        (f"https://api.telegram.org/bot{TOKEN}/getMe", "bot123456789:***/getMe"),
        (TOKEN.replace(":", "%3A"), "123456789%3A***"),
        ("SUAGMJH5XLGZKQQWAWKRZJIGMOU4HPFUYLXJMXOO5NLFEO2OOQJ5LPRDPM", "***"),
        ("postgresql://storage:p@ss:w/rd@db/x".replace("/rd", "rd"), "storage:***@db/x"),
        ("redis://:secret@redis:6379/0", "redis://:***@redis:6379/0"),
        ("postgresql://db/x?user=u&password=secret&a=1", "user=u&password=***&a=1"),
        (f"GET https://x.org/files/{'aB3_' * 10}/2 HTTP", "x.org/files/***/2 HTTP"),
        (f"https://x.org/calendar/{'aB3-' * 10}.ics", "x.org/calendar/***.ics"),
    ],
)
def test_secrets_are_masked_wherever_they_stand(written: io.StringIO, text: str, kept: str) -> None:
    log.info("somewhere", field=text, nested={"in": [text]}, other=ValueError(text))
    logging.getLogger("library").warning("said %s", text)
    try:
        raise ValueError(text)
    except ValueError:
        log.exception("failed")
        logging.getLogger("library").exception("failed")
    assert text not in written.getvalue()
    assert written.getvalue().count(kept) == 6
    assert len(lines(written)) == 4


@pytest.mark.parametrize("text", ["12:30 in Europe/Moscow", "http://localhost:8080/a@b", "a:b@c"])
def test_what_is_no_secret_is_left_alone(written: io.StringIO, text: str) -> None:
    log.info("somewhere", field=text)
    assert lines(written)[0]["field"] == text


def test_people_read_the_same_on_a_console(written: io.StringIO) -> None:
    stream = io.StringIO()
    configure_logs("INFO", "console", stream)
    try:
        raise ValueError(TOKEN)
    except ValueError:
        log.exception("call.failed", app="documents")
    with handling(app="documents", message_id="documents-7"):
        log.info("message.handled", outcome="handled", duration=0.5)
    text = stream.getvalue()
    assert "call.failed" in text
    handled = text.splitlines()[-1].split("message.handled")[1]
    assert handled.split() == [
        "app=documents",
        "duration=0.5",
        "message_id=documents-7",
        "outcome=handled",
    ]
    assert "Traceback" in text
    assert TOKEN not in text


def test_a_collector_that_is_away_is_said_once_and_in_short() -> None:
    stream = io.StringIO()
    configure_logs("INFO", "json", stream)
    for _ in range(3):
        logging.getLogger("opentelemetry.exporter.otlp").error("Max retries %s", "x" * 500)
    for _ in range(3):
        logging.getLogger("opentelemetry.sdk").warning("Queue full, dropping %s.", "Log")
    said = [(line["event"], line.get("text")) for line in lines(stream)]
    assert said == [
        ("telemetry.collector_away", None),
        ("library.said", "Queue full, dropping Log."),
    ]


@pytest.fixture
def hidden(monkeypatch: pytest.MonkeyPatch) -> str:
    """A secret of this process, of no form that is known."""
    monkeypatch.setattr("observability.masking._hidden", {})
    secret = 'a strange/secret+with "all" kinds of \\ charactérs'
    hide(secret)
    return secret


@pytest.mark.parametrize(
    "form",
    [
        str,
        repr,
        quote,
        quote_plus,
        json.dumps,
        lambda secret: quote(secret, safe=""),
        lambda secret: json.dumps(secret, ensure_ascii=False),
        lambda secret: base64.b64encode(secret.encode()).decode(),
        lambda secret: base64.b64encode(f"user:{secret}".encode()).decode(),
        lambda secret: base64.urlsafe_b64encode(f"a{secret}b".encode()).decode(),
    ],
)
def test_a_secret_of_the_process_is_masked_in_every_form(
    written: io.StringIO, hidden: str, form: Callable[[str], str]
) -> None:
    said = form(hidden)
    assert masked(f"before {said} after").replace("***", "") != f"before {said} after"
    log.info("said", words=f"in {said} between", nested=[{"deep": said}])
    logging.getLogger("library").error("said %s", said)
    for part in (said[4:-8], hidden, json.dumps(hidden)[1:-1]):
        assert part not in written.getvalue()
    assert written.getvalue().count("***") >= 3


def test_what_postgresql_quotes_of_rows_is_cut(written: io.StringIO) -> None:
    text = (
        "<class 'UniqueViolationError'>: duplicate key value violates unique constraint \"u\"\n"
        "DETAIL:  Key (name)=(Anna's\ndiary) already exists.\n[SQL: INSERT INTO documents]"
    )
    log.error("failed", error=ValueError(text), words=text)
    try:
        raise ValueError(text)
    except ValueError:
        log.exception("raised")
        logging.getLogger("library").exception("heard")
    assert "diary" not in written.getvalue()
    assert written.getvalue().count("INSERT INTO documents") == 4
    assert len(lines(written)) == 3


@pytest.mark.parametrize("where", ["main", "thread", "finalizer", "asyncio", "warning"])
def test_what_the_interpreter_says_is_masked(where: str) -> None:
    program = f"import tests.observability.uncaught as u; u.in_{where}()"
    ended = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, timeout=30, check=False
    )
    said = ended.stdout + ended.stderr
    assert "it is ***" in said
    assert "sesame" not in said


def test_a_line_that_cannot_be_written_tells_nothing() -> None:
    program = "import tests.observability.uncaught as u; u.in_wrong_line()"
    ended = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, timeout=30, check=True
    )
    assert "a log line cannot be written" in ended.stdout
    assert "sesame" not in ended.stdout + ended.stderr
