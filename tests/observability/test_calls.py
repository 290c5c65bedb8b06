"""Calls are timed by how they end, and a measured value leads to its trace."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest
from opentelemetry import trace
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.sampling import ALWAYS_OFF
from prometheus_client import CollectorRegistry
from prometheus_client.openmetrics import parser
from prometheus_client.openmetrics.exposition import CONTENT_TYPE_LATEST
from prometheus_client.samples import Exemplar

from observability.calls import BUCKETS, Calls
from observability.exemplars import exemplar
from services.life import Life
from services.metrics import ProcessMetrics

NAME = "integration_call_duration_seconds"


def counted(calls: Calls) -> dict[tuple[str, str, str], float]:
    """Return how many calls were timed, by target, operation and result."""
    return {
        (sample.labels["target"], sample.labels["operation"], sample.labels["result"]): sample.value
        for family in calls.registry.collect()
        for sample in family.samples
        if sample.name == f"{NAME}_count"
    }


@pytest.fixture
def calls() -> Calls:
    """Calls of a service that has made none."""
    return Calls(CollectorRegistry())


async def test_a_block_is_timed_by_how_it_ends(calls: Calls) -> None:
    with calls.timed("redis", "get"):
        pass
    with pytest.raises(ZeroDivisionError), calls.timed("redis", "get"):
        _ = 1 / 0

    async def wait() -> None:
        with calls.timed("redis", "get"):
            await asyncio.Event().wait()

    with pytest.raises(TimeoutError):
        await asyncio.wait_for(wait(), 0.001)
    results = {result: number for (_, _, result), number in counted(calls).items()}
    assert results == {"ok": 1, "failed": 1, "cancelled": 1}


async def test_a_function_is_timed_each_time_also_side_by_side(calls: Calls) -> None:
    both = asyncio.Barrier(2)

    @calls.timed("nats", "request query.people.get_person")
    async def ask(number: int, *, fails: bool = False) -> int:
        """Ask."""
        await both.wait()
        if fails:
            raise ConnectionError
        return number

    answers = await asyncio.gather(ask(1), ask(2, fails=True), return_exceptions=True)
    assert answers[0] == 1
    assert isinstance(answers[1], ConnectionError)
    assert (ask.__name__, ask.__doc__) == ("ask", "Ask.")
    assert set(counted(calls)) == {
        ("nats", "request query.people.get_person", result) for result in ("ok", "failed")
    }


async def test_who_stops_reading_has_not_failed(calls: Calls) -> None:
    async def chunks() -> AsyncIterator[bytes]:
        with calls.timed("object_storage", "stream"):
            yield b"first"
            yield b"second"

    async for _ in (reading := chunks()):
        break
    await reading.aclose()  # type: ignore[attr-defined] # a generator, as it happens
    assert set(counted(calls)) == {("object_storage", "stream", "cancelled")}


def test_time_goes_into_the_bucket_it_belongs_to(calls: Calls) -> None:
    calls.observe("postgresql", "COMMIT", "ok", 0.03)
    labels = {"target": "postgresql", "operation": "COMMIT", "result": "ok"}
    values = {
        bound: calls.registry.get_sample_value(f"{NAME}_bucket", {**labels, "le": str(bound)})
        for bound in map(float, BUCKETS)
    }
    assert {bound for bound, value in values.items() if value == 0} == {0.001, 0.005, 0.01, 0.025}
    assert {value for bound, value in values.items() if bound >= 0.05} == {1}


def test_only_a_trace_that_is_exported_is_an_exemplar() -> None:
    assert exemplar() is None
    with TracerProvider(sampler=ALWAYS_OFF).get_tracer("t").start_as_current_span("unsampled"):
        assert exemplar() is None
    with TracerProvider().get_tracer("tests").start_as_current_span("sampled") as span:
        trace_id = trace.format_trace_id(span.get_span_context().trace_id)
        assert exemplar() == {"trace_id": trace_id}


async def test_open_metrics_of_a_process_keep_exemplars_units_helps_and_birthdays() -> None:
    lives = [Life.begin("storage"), Life.begin("query")]
    try:
        with lives[0].tracer.start_as_current_span("handling") as span:
            lives[0].calls.observe("postgresql", "COMMIT", "ok", 0.03)
        lives[1].calls.observe("postgresql", "COMMIT", "ok", 0.2)
        text, content_type = ProcessMetrics(lives).text(CONTENT_TYPE_LATEST)
    finally:
        for life in lives:
            await life.end()
    assert content_type.startswith("application/openmetrics-text")
    parse: Any = parser.text_string_to_metric_families  # not typed there
    families = {each.name: each for each in parse(text.decode())}
    family = families[NAME]
    assert (family.type, family.unit) == ("histogram", "seconds")
    assert family.documentation == "Duration of calls to what the service depends on"
    exemplars: list[tuple[str, str, Exemplar]] = [
        (sample.labels["service"], sample.labels["le"], sample.exemplar)
        for sample in family.samples
        if sample.exemplar
    ]
    ((service, bound, found),) = exemplars
    trace_id = trace.format_trace_id(span.get_span_context().trace_id)
    assert (service, bound, found.labels, found.value) == (
        "storage",
        "0.05",
        {"trace_id": trace_id},
        0.03,
    )
    born = {
        sample.labels["service"]: sample.value
        for sample in family.samples
        if sample.name == f"{NAME}_created"
    }
    assert born.keys() == {"storage", "query"}
    assert all(value > 0 for value in born.values())
