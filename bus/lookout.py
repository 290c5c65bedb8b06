"""One timer that looks after all that waits in a loop, for as long as anything does.

A timer of its own for each message, set and never due, costs more than much of the handling.
"""

import asyncio
from collections.abc import Callable, Sized
from contextvars import Context
from typing import Generic, TypeVar

WaitingT = TypeVar("WaitingT", bound=Sized)


class Lookout(Generic[WaitingT]):
    """Looks again and again while `waiting` holds anything.

    In a context of its own: in that of who came first it would hold their message for as long.
    """

    def __init__(self, waiting: WaitingT, look: Callable[[WaitingT, float], None]) -> None:
        """`look` is called with what waits and the time by the loop's clock."""
        self.waiting = waiting
        self._look_at = look
        self._seconds = 0.0
        self.is_looking = False
        """Whether it will look again by itself."""

    def begin(self, seconds: float, loop: asyncio.AbstractEventLoop) -> None:
        """Look every so many seconds from now on, unless it does already."""
        self._seconds = seconds
        if not self.is_looking:
            self._look_later(loop)

    def _look_later(self, loop: asyncio.AbstractEventLoop) -> None:
        self.is_looking = True
        loop.call_later(self._seconds, self._look, loop, context=Context())

    def _look(self, loop: asyncio.AbstractEventLoop) -> None:
        try:
            self._look_at(self.waiting, loop.time())
        finally:  # whatever one of them meets, the others are looked after
            self.is_looking = False
            if self.waiting:
                self._look_later(loop)
