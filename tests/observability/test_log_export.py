"""Log lines on their way to a real OTLP/HTTP endpoint: whose they are, and what they hold."""

import asyncio
import io
import json
import logging
import time

import pytest
import structlog
from opentelemetry.sdk.trace import TracerProvider

from observability.collector import shut_down
from observability.log_export import export_logs_by, logger_provider
from observability.logs import configure_logs
from tests.observability.collector import Collector, texts

ENDPOINT = "OTEL_EXPORTER_OTLP_ENDPOINT"
TOKEN = "123456789:AAF-this_is_the_secret_half_of_a_token"
log = structlog.get_logger()


async def test_a_line_is_exported_by_its_service_and_written_all_the_same(
    collector: Collector, written: io.StringIO, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(ENDPOINT, collector.url)
    await asyncio.gather(_serve("bot"), _serve("storage"))
    log.info("of.no_service")
    records = collector.records()
    assert records.keys() == {"bot", "storage"}
    for service, (record,) in records.items():
        assert record.body.string_value == "command.handled"
        assert texts(record.attributes) == {"by": service}
        assert record.severity_text == "INFO"
    said = [json.loads(line)["event"] for line in written.getvalue().splitlines()]
    assert sorted(said) == ["command.handled", "command.handled", "of.no_service"]


async def _serve(service: str) -> None:
    provider = logger_provider(service)
    export_logs_by(provider)
    # A task of the service's is the service's, too.
    await asyncio.create_task(_say(service))
    await shut_down(provider)


async def _say(service: str) -> None:
    log.info("command.handled", by=service)


@pytest.mark.usefixtures("written")
async def test_a_record_is_linked_to_its_trace_and_holds_the_fields(
    collector: Collector, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(ENDPOINT, collector.url)
    provider = logger_provider("bot")
    export_logs_by(provider)
    with TracerProvider().get_tracer("tests").start_as_current_span("press") as span:
        log.warning("outcome.late", attempt=2, apps=["documents"], chat={"id": 7}, actor=None)
        expected = span.get_span_context()
    await shut_down(provider)
    ((record,),) = collector.records().values()
    assert int.from_bytes(record.trace_id, "big") == expected.trace_id
    assert int.from_bytes(record.span_id, "big") == expected.span_id
    assert record.severity_number == 13
    fields = {pair.key: pair.value for pair in record.attributes}
    assert fields.keys() == {"attempt", "apps", "chat", "actor"}
    assert fields["attempt"].int_value == 2
    assert fields["apps"].array_value.values[0].string_value == "documents"
    assert fields["chat"].kvlist_value.values[0].value.int_value == 7


@pytest.mark.usefixtures("written")
async def test_secrets_are_masked_before_they_leave(
    collector: Collector, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(ENDPOINT, collector.url)
    provider = logger_provider("bot")
    export_logs_by(provider)
    try:
        raise ValueError(TOKEN)
    except ValueError:
        log.exception(f"said {TOKEN}", field=TOKEN, nested={"in": [TOKEN]})
        logging.getLogger("library").exception("said %s", TOKEN)
    await shut_down(provider)
    ((ours, library),) = collector.records().values()
    for record in (ours, library):
        assert TOKEN.encode() not in record.SerializeToString()
        assert "123456789:***" in texts(record.attributes)["exception"]
    assert "123456789:***" in ours.body.string_value
    assert texts(library.attributes)["text"] == "said 123456789:***"


@pytest.mark.usefixtures("written")
async def test_what_exporters_say_is_not_exported(
    collector: Collector, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(ENDPOINT, collector.url)
    provider = logger_provider("bot")
    export_logs_by(provider)
    logging.getLogger("urllib3.connectionpool").warning("retrying")
    logging.getLogger("opentelemetry.exporter.otlp").error("failed to export")
    await shut_down(provider)
    assert collector.records() == {}


@pytest.mark.usefixtures("written")
async def test_without_a_collector_nothing_is_exported(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(ENDPOINT, raising=False)
    monkeypatch.setenv("OTEL_EXPORTER_OTLP_TIMEOUT", "60")
    provider = logger_provider("bot")
    export_logs_by(provider)
    log.info("press.handled")
    began = time.monotonic()
    await shut_down(provider)
    assert time.monotonic() - began < 30  # an export is given up after 60 s


async def test_more_may_be_exported_than_is_written(
    collector: Collector, written: io.StringIO, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(ENDPOINT, collector.url)
    configure_logs("INFO", "json", written, export_level="DEBUG")
    provider = logger_provider("bot")
    export_logs_by(provider)
    log.debug("form.invalid")
    log.info("press.handled")
    await shut_down(provider)
    (records,) = collector.records().values()
    assert [record.body.string_value for record in records] == ["form.invalid", "press.handled"]
    assert [json.loads(line)["event"] for line in written.getvalue().splitlines()] == [
        "press.handled"
    ]
