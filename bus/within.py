"""Deadlines that cost little to set: one timer looks after all of them, and is a moment late."""

import asyncio
from types import TracebackType
from weakref import WeakKeyDictionary

from bus.lookout import Lookout

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
        self._watch = _watch_of(loop)
        self._watch.waiting.add(self)
        self._watch.begin(LATE_AT_MOST, loop)

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


def _strike_those_due(waiting: set[Within], now: float) -> None:
    for deadline in [each for each in waiting if each.due <= now]:
        waiting.discard(deadline)
        deadline.strike()


def _watch_of(loop: asyncio.AbstractEventLoop) -> Lookout[set[Within]]:
    return _watches.get(loop) or _watches.setdefault(loop, Lookout(set(), _strike_those_due))


_watches: "WeakKeyDictionary[asyncio.AbstractEventLoop, Lookout[set[Within]]]"
_watches = WeakKeyDictionary()
