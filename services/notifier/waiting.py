"""How many notices wait to be told, and for how long the oldest has, of each urgency."""

import asyncio
import time
from typing import get_args

from prometheus_client import CollectorRegistry, Gauge

from bus.connection import Link
from bus.inspection import NOT_SAID, consumers_of
from bus.oldest import oldest_at
from contracts.notices import Urgency
from services.discovery import all_apps, told

LOOKED_EVERY = 10.0
"""Seconds."""
STREAM = "NOTICES"


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
        urgencies = {consumer: urgency for urgency in _URGENCIES for consumer in _told_by(urgency)}
        while True:
            waiting: dict[Urgency, int] = dict.fromkeys(_URGENCIES, 0)
            ages: dict[Urgency, float] = {}
            try:
                for figures in await consumers_of(link, STREAM):
                    if urgency := urgencies.get(figures.name):
                        waiting[urgency] += figures.num_pending + figures.num_ack_pending
                for urgency in _URGENCIES:
                    ages[urgency] = await _age_of(link, urgency)
            except NOT_SAID:
                self._waiting.clear()
                self._oldest.clear()
            else:
                for urgency in _URGENCIES:
                    self._waiting.labels(urgency).set(waiting[urgency])
                    self._oldest.labels(urgency).set(ages[urgency])
            await asyncio.sleep(LOOKED_EVERY)


_URGENCIES: tuple[Urgency, ...] = get_args(Urgency)


def _told_by(urgency: Urgency) -> set[str]:
    """Return the names of the consumers of an urgency."""
    return {
        consumer.name
        for app in all_apps()
        for consumer in told(app)
        if consumer.stream == STREAM and consumer.subjects[0].split(".")[1] == urgency
    }


async def _age_of(link: Link, urgency: Urgency) -> float:
    since = await oldest_at(link, STREAM, f"notice.{urgency}.>")
    # By the server's clock, which may be ahead of ours.
    return max(time.time() - since.timestamp(), 0.0) if since else 0.0
