"""Keeps a message in hand for as long as its handling takes."""

import asyncio
from contextlib import suppress

from nats.errors import Error as NatsError

from bus.delivery import CallNext, Delivery
from bus.topology import ACK_WAIT

INTERVAL = ACK_WAIT / 3


async def heartbeat(delivery: Delivery, call_next: CallNext) -> None:
    """Tell the server at intervals that the message is being worked on."""
    beating: list[asyncio.Task[None]] = []
    # Most messages are done long before the first beat: they have no task for it.
    first = asyncio.get_running_loop().call_later(
        INTERVAL, lambda: beating.append(asyncio.ensure_future(_beat(delivery)))
    )
    try:
        await call_next(delivery)
    finally:
        first.cancel()
        for task in beating:
            task.cancel()


async def _beat(delivery: Delivery) -> None:
    while True:
        # While the server is away there is nobody to tell; the next beat tries again.
        with suppress(NatsError, OSError):
            await delivery.acknowledgement.in_progress()
            delivery.beaten()
        await asyncio.sleep(INTERVAL)
