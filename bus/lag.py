"""How far consumers are behind, and what work queues hold longest, kept as metrics."""

import asyncio
import time
from collections.abc import Iterable

from nats.js.api import RetentionPolicy
from prometheus_client import CollectorRegistry, Gauge

from bus.connection import Link
from bus.listing import NOT_SAID, StreamFigures, streams_of
from bus.topology import STREAMS

LOOKED_EVERY = 10.0
"""Seconds."""


class Lag:
    """Gauges of all declared consumers; what is not known now has no sample."""

    def __init__(self, registry: CollectorRegistry) -> None:
        self._behind = Gauge(
            "messaging_consumer_lag",
            "Messages that a consumer has not settled, those in its hand included",
            ("stream", "consumer"),
            registry=registry,
        )
        self._oldest = Gauge(
            "messaging_stream_oldest_seconds",
            "Age of the oldest message that a work queue holds, 0 while it is empty",
            ("stream",),
            unit="seconds",
            registry=registry,
        )

    async def watch(self, link: Link) -> None:
        """Look for ever; any number of copies may, and all see the same."""
        while True:
            try:
                found = [stream async for stream in streams_of(link)]
            except NOT_SAID:
                found = []
            self._show(found)
            await asyncio.sleep(LOOKED_EVERY)

    def _show(self, found: Iterable[StreamFigures]) -> None:
        self._behind.clear()
        self._oldest.clear()
        for stream in found:
            if stream.name not in STREAMS:
                continue
            if STREAMS[stream.name].retention == RetentionPolicy.WORK_QUEUE:
                # By the server's clock, which may be ahead of ours.
                age = max(time.time() - stream.first.timestamp(), 0.0) if stream.first else 0.0
                self._oldest.labels(stream.name).set(age)
            for consumer in stream.consumers:
                if consumer.ours:
                    behind = consumer.num_pending + consumer.num_ack_pending
                    self._behind.labels(stream.name, consumer.name).set(behind)
