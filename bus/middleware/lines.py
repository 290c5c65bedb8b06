"""One log line for each handling: how long it took, and how it ended."""

import time
from asyncio import CancelledError

from bus.delivery import CallNext, Delivery
from bus.errors import Forfeited
from bus.lines import name_span, say_handled


async def lines(delivery: Delivery, call_next: CallNext) -> None:
    """Say the end of a handling; what a line says of the message itself is bound around this.

    The outcome is handled, dead, forfeited (another copy has it), given back (at a stop) or failed
    (the connection is closed for good).
    """
    began = time.perf_counter()
    outcome = "failed"
    try:
        await call_next(delivery)
        outcome = "dead" if delivery.buried else "handled"
    except Forfeited:
        outcome = "forfeited"
        raise
    except CancelledError:
        outcome = "given back"
        raise
    finally:
        name_span()
        say_handled(delivery.payload, delivery.attempt, began, outcome)
