"""Deadlines that cost little to set: one timer looks after all of them, and is a moment late.

A timer of its own for each message, set and never due, costs more than much of the handling.
"""

import asyncio
from contextvars import Context
from types import TracebackType
from weakref import WeakKeyDictionary

LATE_AT_MOST = 0.05
"""Seconds."""


class Within:
    """What asyncio.timeout does, for deadlines far longer than a moment; raises TimeoutError."""

    __slots__ = ("_cancelled_before", "_has_struck", "_seconds", "_task", "_watch", "due")

    def __init__(self, seconds: float | None) -> None:
        self._seconds = seconds
        self._has_struck = False

    def __enter__(self) -> None:
        if self._seconds is None:
            return
        loop, task = asyncio.get_running_loop(), asyncio.current_task()
        assert task, "only a task can be told to end"
        self._task, self._cancelled_before = task, task.cancelling()
        self.due = loop.time() + self._seconds
        self._watch = _watches.get(loop) or _watches.setdefault(loop, _Watch())
        self._watch.begin(self, loop)

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        place: TracebackType | None,
    ) -> None:
        if self._seconds is None:
            return
        self._watch.waiting.discard(self)
        if self._has_struck:
            # Somebody else may have cancelled it, too: then it is cancelled, and not late.
            by_others = self._task.uncancel() > self._cancelled_before
            if kind is asyncio.CancelledError and not by_others:
                raise TimeoutError from error

    def expired(self) -> bool:
        """Whether it has struck."""
        return self._has_struck

    def strike(self) -> None:
        """Have the block end now."""
        self._has_struck = True
        self._task.cancel()


class _Watch:
    """Looks after the deadlines of one loop, for as long as there are any.

    In a context of its own: in that of the first it would hold its message for as long.
    """

    def __init__(self) -> None:
        self.waiting: set[Within] = set()
        self._is_looking = False

    def begin(self, deadline: Within, loop: asyncio.AbstractEventLoop) -> None:
        """Look after a deadline, too."""
        self.waiting.add(deadline)
        if not self._is_looking:
            self._is_looking = True
            loop.call_later(LATE_AT_MOST, self._look, loop, context=Context())

    def _look(self, loop: asyncio.AbstractEventLoop) -> None:
        now = loop.time()
        try:
            for deadline in [each for each in self.waiting if each.due <= now]:
                self.waiting.discard(deadline)
                deadline.strike()
        finally:  # whatever one of them meets, the others are looked after
            self._is_looking = bool(self.waiting)
            if self._is_looking:
                loop.call_later(LATE_AT_MOST, self._look, loop, context=Context())


_watches: "WeakKeyDictionary[asyncio.AbstractEventLoop, _Watch]" = WeakKeyDictionary()
