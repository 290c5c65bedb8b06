"""Counts and times every handling."""

import time

from prometheus_client import CollectorRegistry, Histogram

from bus.delivery import CallNext, Delivery, Middleware

BUCKETS = (0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10)
"""Seconds, as OpenTelemetry's messaging conventions advise."""


def metrics(registry: CollectorRegistry) -> Middleware:
    """Time handlings into one histogram, by consumer, message and result."""
    duration = Histogram(
        "messaging_process_duration_seconds",
        "Time from delivery to the end of handling",
        ["consumer", "message", "result"],
        buckets=BUCKETS,
        registry=registry,
    )

    async def measure(delivery: Delivery, call_next: CallNext) -> None:
        began = time.perf_counter()
        result = "failed"
        try:
            await call_next(delivery)
            result = "dead" if delivery.buried else "handled"
        finally:
            labels = (delivery.consumer, type(delivery.message).__name__, result)
            duration.labels(*labels).observe(time.perf_counter() - began)

    return measure
