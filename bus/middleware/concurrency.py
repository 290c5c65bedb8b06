"""Limits how many handlers run side by side; waiting messages do not count."""

import asyncio

from bus.delivery import CallNext, Delivery, Middleware
from bus.hand import AwayMeanwhile


def at_most(handlers: "int | Slots") -> Middleware:
    """Let `handlers` calls through at a time, and besides one of each consumer.

    The latter is what keeps one app's slow handlers from delaying another app.
    """
    slots = Slots(handlers) if isinstance(handlers, int) else handlers

    async def limit(delivery: Delivery, call_next: CallNext) -> None:
        whose = consumer_of(delivery)
        own = await slots.take(whose)
        try:
            if delivery.hand.is_away and not delivery.looks:
                raise AwayMeanwhile
            await call_next(delivery)
        finally:
            slots.give_back(whose, own=own)

    return limit


def consumer_of(delivery: Delivery) -> str:
    """Return the name of a consumer; those of an app's commands and of its events share theirs."""
    return f"{delivery.stream} {delivery.consumer}"


class Slots:
    """Places for work: some that all share, and one of each who takes part.

    Who has waited longest gets what is given back, and nobody overtakes: a place is free only while
    nobody waits for it.
    """

    def __init__(self, shared: int) -> None:
        self._shared = shared
        self._own_in_use: set[str] = set()
        self._waiting: dict[asyncio.Future[bool], str] = {}
        """Whose each is; it becomes whether the place is their own."""

    def taken(self, whose: str) -> "_Place":
        """Wait for a place and hold it."""
        return _Place(self, whose)

    async def take(self, whose: str) -> bool:
        """Wait for a place; return whether it is their own."""
        if whose not in self._own_in_use:
            self._own_in_use.add(whose)
            return True
        if self._shared > 0:
            self._shared -= 1
            return False
        place: asyncio.Future[bool] = asyncio.get_running_loop().create_future()
        self._waiting[place] = whose
        try:
            return await place
        except asyncio.CancelledError:
            if place.done() and not place.cancelled():  # it was given in the same moment
                self.give_back(whose, own=place.result())
            raise
        finally:
            self._waiting.pop(place, None)

    def give_back(self, whose: str, *, own: bool) -> None:
        """Let the next one have a place: their own is of use to nobody else."""
        for place, waiting in self._waiting.items():
            if not place.done() and (not own or waiting == whose):
                del self._waiting[place]
                place.set_result(own)
                return
        if own:
            self._own_in_use.discard(whose)
        else:
            self._shared += 1


class _Place:
    """Holds a place during a block."""

    __slots__ = ("_own", "_slots", "_whose")

    def __init__(self, slots: Slots, whose: str) -> None:
        self._slots = slots
        self._whose = whose

    async def __aenter__(self) -> None:
        self._own = await self._slots.take(self._whose)

    async def __aexit__(self, *ended: object) -> None:
        self._slots.give_back(self._whose, own=self._own)
