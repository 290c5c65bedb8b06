"""Log lines: one form for ours and the libraries', with their trace and without secrets."""

import io
import json
import logging
from typing import Any

import pytest
import structlog
from opentelemetry.sdk.trace import TracerProvider

from observability.logs import configure_logs
from observability.traces import current_trace_id

TOKEN = "123456789:AAF-this_is_the_secret_half_of_a_token"
log = structlog.get_logger()


def lines(stream: io.StringIO) -> list[dict[str, Any]]:
    """Read the lines back."""
    return [json.loads(line) for line in stream.getvalue().splitlines()]


def test_a_line_says_when_what_and_in_which_service(written: io.StringIO) -> None:
    with structlog.contextvars.bound_contextvars(service="bot"):
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
    logging.getLogger("aiogram").info("noise")
    logging.getLogger("aiogram").warning("update %s lost", 7)
    (line,) = lines(written)
    assert line["event"] == "update 7 lost"
    assert line["logger"] == "aiogram"
    assert line["level"] == "warning"


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        (f"https://api.telegram.org/bot{TOKEN}/getMe", "bot123456789:***/getMe"),
        (TOKEN.replace(":", "%3A"), "123456789%3A***"),
        ("SUAGMJH5XLGZKQQWAWKRZJIGMOU4HPFUYLXJMXOO5NLFEO2OOQJ5LPRDPM", "***"),
        ("postgresql://storage:p@ss:w/rd@db/x".replace("/rd", "rd"), "storage:***@db/x"),
        ("redis://:secret@redis:6379/0", "redis://:***@redis:6379/0"),
        ("postgresql://db/x?user=u&password=secret&a=1", "user=u&password=***&a=1"),
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
    text = stream.getvalue()
    assert "call.failed" in text
    assert "app=documents" in text
    assert "Traceback" in text
    assert TOKEN not in text


def test_a_collector_that_is_away_is_said_once_and_in_short() -> None:
    stream = io.StringIO()
    configure_logs("INFO", "json", stream)
    for _ in range(3):
        logging.getLogger("opentelemetry.exporter.otlp").error("Max retries %s", "x" * 500)
    logging.getLogger("opentelemetry.sdk").warning("something else")
    lines = stream.getvalue().splitlines()
    assert len(lines) == 2
    assert "the telemetry collector is away" in lines[0]
    assert "something else" in lines[1]
