"""Spans on their way to a real OTLP/HTTP endpoint, and an exit that does not wait for one."""

import logging
import socket
import time
from contextlib import suppress

import pytest
from opentelemetry.trace import format_trace_id

from observability.collector import shut_down
from observability.log_export import logger_provider
from observability.masking import hide
from observability.traces import current_trace_id, tracer_provider
from tests.observability.collector import Collector, texts

ENDPOINT = "OTEL_EXPORTER_OTLP_ENDPOINT"


async def test_services_of_one_process_export_under_their_own_names(
    collector: Collector, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(ENDPOINT, collector.url)
    names = set()
    for service in ("bot", "storage"):
        provider = tracer_provider(service)
        with provider.get_tracer("tests").start_as_current_span("press"):
            pass
        await shut_down(provider)
        (resource,) = collector.spans.get_nowait().resource_spans
        names |= {
            attribute.value.string_value
            for attribute in resource.resource.attributes
            if attribute.key == "service.name"
        }
        assert resource.scope_spans[0].spans[0].name == "press"
    assert names == {"bot", "storage"}


async def test_an_exit_does_not_wait_for_a_collector_that_is_away(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen()  # takes connections and never answers
        monkeypatch.setenv(ENDPOINT, f"http://127.0.0.1:{silent.getsockname()[1]}")
        monkeypatch.setenv("OTEL_EXPORTER_OTLP_TIMEOUT", "60")
        provider = tracer_provider("bot")
        with provider.get_tracer("tests").start_as_current_span("press"):
            pass
        began = time.monotonic()
        await shut_down(provider, within_seconds=0.5)
        assert time.monotonic() - began < 30  # an export is given up after 60 s
    assert all(record.levelno >= logging.WARNING for record in caplog.records)


@pytest.mark.parametrize("environment", [{}, {ENDPOINT: "http://localhost", "none": ""}])
async def test_spans_have_ids_without_a_collector(
    monkeypatch: pytest.MonkeyPatch, environment: dict[str, str]
) -> None:
    monkeypatch.delenv(ENDPOINT, raising=False)
    monkeypatch.setenv("OTEL_EXPORTER_OTLP_TIMEOUT", "60")
    if environment:
        monkeypatch.setenv(ENDPOINT, environment[ENDPOINT])
        monkeypatch.setenv("OTEL_TRACES_EXPORTER", "none")
    provider = tracer_provider("bot")
    with provider.get_tracer("tests").start_as_current_span("press") as span:
        assert span.get_span_context().is_valid
    began = time.monotonic()
    await shut_down(provider)
    assert time.monotonic() - began < 30  # an export is given up after 60 s


async def test_a_secret_learned_later_is_masked_in_what_was_said_before(
    collector: Collector, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(ENDPOINT, collector.url)
    monkeypatch.setenv("OTEL_BSP_SCHEDULE_DELAY", "10")
    provider, secret = tracer_provider("bot"), "learned after it was said"
    exported = []
    for learn in (False, True):
        if learn:
            hide(secret)
        with provider.get_tracer("tests").start_as_current_span(secret) as span:
            span.set_attributes({"one": secret, "several": ["x", secret]})
        exported.append((await collector.spans.get()).SerializeToString())
    await shut_down(provider)
    assert [secret.encode() in each for each in exported] == [True, False]


async def test_a_disabled_sdk_exports_nothing_and_still_gives_ids(
    collector: Collector, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(ENDPOINT, collector.url)
    monkeypatch.setenv("OTEL_SDK_DISABLED", "true")
    provider, logs = tracer_provider("bot"), logger_provider("bot")
    tracer = provider.get_tracer("tests")
    with tracer.start_as_current_span("press") as press:
        assert current_trace_id() == format_trace_id(press.get_span_context().trace_id) != "0" * 32
        with tracer.start_as_current_span("within") as within, tracer.start_span("side") as side:
            found = [span.get_span_context() for span in (press, within, side)]
            assert len({context.span_id for context in found}) == 3
            assert len({context.trace_id for context in found}) == 1
            assert not any(context.trace_flags.sampled for context in found)
        with pytest.raises(ValueError, match="a bug"), tracer.start_as_current_span("failing"):
            raise ValueError("a bug")
        logs.get_logger("tests").emit(body="a line")
    assert current_trace_id() == ""
    await shut_down(provider, logs)
    assert collector.spans.empty()
    assert collector.logs.empty()


async def test_half_a_character_costs_no_span(
    collector: Collector, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(ENDPOINT, collector.url)
    provider, half = tracer_provider("bot"), "half of \ud83d"
    tracer = provider.get_tracer("tests")
    with (
        suppress(ValueError),
        tracer.start_as_current_span(half, attributes={"one": half, "several": [half]}),
    ):
        raise ValueError(half)
    await shut_down(provider, within_seconds=30)
    (resource,) = collector.exported()
    (span,) = resource.scope_spans[0].spans
    assert span.name == "half of ?"
    assert span.status.message == "ValueError: half of ?"
    assert texts(span.events[0].attributes)["exception.message"] == "half of ?"
