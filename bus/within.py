"""Deadlines that cost little to set: one timer looks after all of them, and is a moment late.

A timer of its own for each message, set and never due, costs more than much of the handling.
"""

import asyncio
from types import TracebackType
from weakref import WeakKeyDictionary

LATE_AT_MOST = 0.05
"""Seconds."""


class Within:
    """What asyncio.timeout does, for deadlines far longer than a moment; raises TimeoutError."""

    __slots__ = ("_seconds", "_timeout", "_watch", "due")

    def __init__(self, seconds: float | None) -> None:
        self._seconds = seconds

    async def __aenter__(self) -> "Within":
        loop = asyncio.get_running_loop()
        self._timeout = asyncio.timeout(None)
        self._watch = _watches.get(loop) or _watches.setdefault(loop, _Watch())
        if self._seconds is not None:
            self.due = loop.time() + self._seconds
            self._watch.begin(self, loop)
        await self._timeout.__aenter__()
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        place: TracebackType | None,
    ) -> None:
        self._watch.waiting.discard(self)
        await self._timeout.__aexit__(kind, error, place)

    def expired(self) -> bool:
        """Whether it has struck."""
        return self._timeout.expired()

    def strike(self) -> None:
        """Have the block end now."""
        self._timeout.reschedule(0.0)


class _Watch:
    """Looks after the deadlines of one loop, for as long as there are any."""

    def __init__(self) -> None:
        self.waiting: set[Within] = set()
        self._is_looking = False

    def begin(self, deadline: Within, loop: asyncio.AbstractEventLoop) -> None:
        """Look after a deadline, too."""
        self.waiting.add(deadline)
        if not self._is_looking:
            self._is_looking = True
            loop.call_later(LATE_AT_MOST, self._look, loop)

    def _look(self, loop: asyncio.AbstractEventLoop) -> None:
        now = loop.time()
        try:
            for deadline in [each for each in self.waiting if each.due <= now]:
                self.waiting.discard(deadline)
                deadline.strike()
        finally:  # whatever one of them meets, the others are looked after
            self._is_looking = bool(self.waiting)
            if self._is_looking:
                loop.call_later(LATE_AT_MOST, self._look, loop)


_watches: "WeakKeyDictionary[asyncio.AbstractEventLoop, _Watch]" = WeakKeyDictionary()
