"""Metrics of dead letters, scraped as Prometheus does."""

import asyncio
import math

import pytest
from prometheus_client import CollectorRegistry

from bus.burials import Burials, count_dead_letters
from bus.middleware.dead_letter import DeadLetters, Remains
from tests.bus.bench import Bench
from tests.bus.burying import ADD_TYPE, bury
from tests.bus.waiting import eventually

NAME = "messaging_dead_letters"


def buried(registry: CollectorRegistry, app: str, kind: str) -> float | None:
    """Return the count of one series."""
    return registry.get_sample_value(f"{NAME}_buried_total", {"app": app, "kind": kind})


async def test_a_burial_is_counted_once_it_is_in_the_stream(bench: Bench) -> None:
    publisher = await bench.publisher("storage")
    registry = CollectorRegistry()
    registry.register(publisher.burials)
    assert buried(registry, "documents", "command") == 0
    remains = Remains(ADD_TYPE, b"", {}, once="counted-1")
    await DeadLetters(publisher).bury_remains(remains, KeyError("x"), attempts=4)
    assert buried(registry, "documents", "command") == 1
    assert buried(registry, "documents", "event") == 0


def test_strange_subjects_make_no_series_of_their_own() -> None:
    burials, registry = Burials(), CollectorRegistry()
    registry.register(burials)
    series = len(next(iter(burials.collect())).samples)
    for strange in ("command.nobody.does_this", "nonsense", "update.x.1", "", "event.a.b.c"):
        burials.count(strange)
    assert len(next(iter(burials.collect())).samples) == series
    assert buried(registry, "other", "other") == 2


async def test_the_gauge_follows_the_stream_and_admits_not_to_know(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bus.burials.COUNTED_EVERY", 0.02)
    registry = CollectorRegistry()
    counting = asyncio.create_task(count_dead_letters(await bench.link("storage"), registry))

    async def shows(wanted: float) -> bool:
        seen = registry.get_sample_value(NAME)
        return seen is not None and (seen == wanted or (math.isnan(seen) and math.isnan(wanted)))

    try:
        await eventually(lambda: shows(0))
        await bury(bench)
        await eventually(lambda: shows(1))
        await bench.servers.stop("nats")
        await eventually(lambda: shows(math.nan))
        await bench.servers.start("nats")
        await eventually(lambda: shows(1))
    finally:
        counting.cancel()
