"""Limits how many handlers of a consumer run side by side; waiting messages do not count."""

import asyncio

from bus.delivery import CallNext, Delivery, Middleware


def at_most(handlers: int) -> Middleware:
    """Let `handlers` calls through at a time."""
    slots = asyncio.Semaphore(handlers)

    async def limit(delivery: Delivery, call_next: CallNext) -> None:
        async with slots:
            await call_next(delivery)

    return limit
