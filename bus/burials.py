"""Metrics of dead letters: how many a service has buried, and how many lie in DEAD."""

import asyncio
import math
import time
from collections import Counter
from collections.abc import Iterable

from nats.errors import Error as NatsError
from nats.js.errors import Error as JetStreamError
from prometheus_client import CollectorRegistry, Gauge
from prometheus_client.core import CounterMetricFamily
from prometheus_client.metrics_core import Metric
from prometheus_client.registry import Collector
from prometheus_client.samples import Exemplar

from bus.connection import Link
from bus.letters import KINDS, OTHER, app_of, kind_of
from contracts.base import app_of as app_of_message
from contracts.messages import message_types
from observability.exemplars import exemplar

COUNTED_EVERY = 15.0
"""Seconds."""


class Burials(Collector):
    """How many letters a service has put into DEAD, by app and kind.

    Both labels are bounded: whatever else a subject names is `other`. All are there from the
    start with 0, so that the first burial is an increase.
    """

    def __init__(self) -> None:
        self._apps = {app_of_message(message) for message in message_types()}
        self._counts = Counter(
            {(app, kind): 0 for app in (*self._apps, OTHER) for kind in (*KINDS, OTHER)}
        )
        self._began = time.time()
        self._exemplars: dict[tuple[str, str], Exemplar] = {}

    def count(self, subject: str) -> None:
        """Count a letter by the subject it had."""
        app = app_of(subject)
        labels = app if app in self._apps else OTHER, kind_of(subject)
        self._counts[labels] += 1
        if found := exemplar():
            self._exemplars[labels] = Exemplar(found, 1.0, time.time())

    def collect(self) -> Iterable[Metric]:
        """Yield the one family."""
        family = CounterMetricFamily(
            "messaging_dead_letters_buried",
            "Messages given up and put into DEAD",
            labels=["app", "kind"],
        )
        for labels, count in sorted(self._counts.items()):
            family.add_metric(
                list(labels), count, created=self._began, exemplar=self._exemplars.get(labels)
            )
        yield family


async def count_dead_letters(link: Link, registry: CollectorRegistry) -> None:
    """Keep a gauge of what lies in DEAD, for ever; it is NaN while that cannot be known."""
    gauge = Gauge("messaging_dead_letters", "Dead letters that lie in DEAD", registry=registry)
    gauge.set(math.nan)
    while True:
        try:
            with link.meters.asking_server("STREAM.INFO"):
                gauge.set((await link.jetstream.stream_info("DEAD")).state.messages)
        except (NatsError, JetStreamError, TimeoutError):
            gauge.set(math.nan)
        await asyncio.sleep(COUNTED_EVERY)
