"""The gauges of what waits to be told."""

import asyncio
from contextlib import suppress

import pytest
from prometheus_client import CollectorRegistry

from services.notifier import waiting
from services.notifier.waiting import Waiting
from tests.bus.waiting import eventually
from tests.services.notifier.stage import Stage


async def test_how_many_wait_and_since_when_is_shown_by_urgency(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(waiting, "LOOKED_EVERY", 0.1)
    for number in range(3):
        await stage.tell(f"Number {number}", urgency="bulk")
    await stage.tell("Reminder", urgency="reminder")
    link = await stage.bench.link("notifier")
    in_hand = await link.jetstream.pull_subscribe_bind("notifier-documents-bulk", stream="NOTICES")
    assert len(await in_hand.fetch(1, timeout=60)) == 1
    registry = CollectorRegistry()

    def shown(metric: str, urgency: str) -> float | None:
        return registry.get_sample_value(f"notifier_notices_{metric}", {"urgency": urgency})

    async def all_are_shown() -> bool:
        found = [shown("waiting", urgency) for urgency in ("answer", "reminder", "bulk")]
        return found == [0, 1, 3]

    watching = asyncio.create_task(Waiting(registry).watch(link))
    try:
        await eventually(all_are_shown)
    finally:
        watching.cancel()
        with suppress(asyncio.CancelledError):
            await watching
    assert shown("oldest_seconds", "answer") == 0
    assert (shown("oldest_seconds", "bulk") or 0) > 0
