"""How long people wait: from the moment the bus has an update to the end of its handling."""

import time
from functools import cache

from prometheus_client import CollectorRegistry, Histogram

from bus.delivery import CallNext, Delivery, Middleware
from bus.meters import BUCKETS
from contracts.updates import TelegramUpdate
from observability.exemplars import exemplar

KINDS = ("message", "callback_query", "my_chat_member")
"""Of updates, by the field of Telegram that holds what it is about."""


def press_durations(registry: CollectorRegistry) -> Middleware:
    """Time updates, by app and kind, also those that ended as dead letters.

    What the bus held for long, with nobody there to handle it, counts as long.
    """
    duration = cache(
        Histogram(
            "press_duration_seconds",
            "Time from the bus having an update to the end of its handling",
            ("app", "kind"),
            unit="seconds",
            buckets=(*BUCKETS, 30, 60),
            registry=registry,
        ).labels
    )

    async def measure(delivery: Delivery, call_next: CallNext) -> None:
        await call_next(delivery)
        update = delivery.message
        assert isinstance(update, TelegramUpdate)
        kind = next((kind for kind in KINDS if kind in update.body), "other")
        # By the server's clock, which may be ahead of ours.
        waited = max(time.time() - delivery.arrived_at, 0.0)
        duration(update.app, kind).observe(waited, exemplar())

    return measure
