"""Counts and times every handling."""

import time
from asyncio import CancelledError

from bus.delivery import CallNext, Delivery, Middleware
from bus.errors import Forfeited
from bus.meters import Meters


def metrics(meters: Meters) -> Middleware:
    """Time handlings, by consumer, message and result.

    One that another copy does instead is forfeited, also where it was given back at a stop.
    """

    async def measure(delivery: Delivery, call_next: CallNext) -> None:
        began = time.perf_counter()
        result = "failed"
        try:
            await call_next(delivery)
            result = "dead" if delivery.buried else "handled"
        except (Forfeited, CancelledError):
            result = "forfeited"
            raise
        finally:
            name = type(delivery.message).__name__
            meters.processed(delivery.consumer, name, result, time.perf_counter() - began)

    return measure
