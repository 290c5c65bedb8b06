"""How many notices wait to be told, and for how long the oldest has, of each urgency."""

import asyncio
import time
from typing import get_args

from prometheus_client import CollectorRegistry, Gauge

from bus.backlog import Queued, queued
from bus.connection import Link
from contracts.notices import Urgency

LOOKED_EVERY = 10.0
"""Seconds."""
STREAM = "NOTICES"
_URGENCIES: tuple[Urgency, ...] = get_args(Urgency)


class Waiting:
    """Gauges of what waits in NOTICES; what is not known now has no sample."""

    def __init__(self, registry: CollectorRegistry) -> None:
        self._waiting = Gauge(
            "notifier_notices_waiting",
            "Notices that are still to be told, those in hand included",
            ("urgency",),
            registry=registry,
        )
        self._oldest = Gauge(
            "notifier_notices_oldest_seconds",
            "Age of the oldest notice that is still to be told, 0 while there is none",
            ("urgency",),
            unit="seconds",
            registry=registry,
        )

    async def watch(self, link: Link) -> None:
        """Look for ever; any number of copies may, and all see the same."""
        while True:
            try:
                waiting = {each: await _waiting(link, each) for each in _URGENCIES}
            except TimeoutError:
                self._waiting.clear()
                self._oldest.clear()
            else:
                for urgency, found in waiting.items():
                    self._waiting.labels(urgency).set(found.messages if found else 0)
                    self._oldest.labels(urgency).set(_age_of(found) if found else 0.0)
            await asyncio.sleep(LOOKED_EVERY)


async def _waiting(link: Link, urgency: Urgency) -> Queued | None:
    return await queued(link, STREAM, f"notice.{urgency}.>")


def _age_of(found: Queued) -> float:
    # By the server's clock, which may be ahead of ours.
    return max(time.time() - found.since.timestamp(), 0.0)
