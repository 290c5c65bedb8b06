"""Ends a handler that takes longer than any of its kind should."""

from bus.delivery import CallNext, Delivery, Middleware
from bus.within import Within


class HandlerTooSlow(Exception):
    """A handler did not finish before its deadline; counted as a failed attempt."""


def deadline(seconds: float) -> Middleware:
    """Give each call of a handler at most `seconds`."""

    async def limit(delivery: Delivery, call_next: CallNext) -> None:
        timeout = Within(seconds)
        try:
            with timeout:
                await call_next(delivery)
        except TimeoutError as error:
            # A TimeoutError of the handler's own means something else: leave it alone.
            if timeout.expired():
                raise HandlerTooSlow(f"{delivery.handler.name} took over {seconds} s") from error
            raise

    return limit
