"""How often things happened lately, by name, counted second by second."""

import time
from collections import deque
from collections.abc import Callable, Iterator

REMEMBERED = 60
"""Seconds."""
NAMES_AT_MOST = 500


class Rates:
    """Counts; `clock` is in seconds and only goes forward."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._seconds: dict[str, deque[tuple[int, int]]] = {}
        self._totals: dict[str, int] = {}

    def count(self, name: str, times: int = 1) -> None:
        """Count something that happened now; beyond 500 names no new one is taken up."""
        if name not in self._totals and len(self._totals) >= NAMES_AT_MOST:
            return
        self._totals[name] = self._totals.get(name, 0) + times
        counts = self._seconds.setdefault(name, deque(maxlen=REMEMBERED))
        now = int(self._clock())
        if counts and counts[-1][0] == now:
            times += counts.pop()[1]
        counts.append((now, times))

    def names(self) -> Iterator[str]:
        """Everything that was ever counted, by name."""
        return iter(sorted(self._totals))

    def total(self, name: str) -> int:
        """How often it happened altogether."""
        return self._totals.get(name, 0)

    def last_minute(self, name: str) -> list[int]:
        """How often it happened in each of the last sixty whole seconds, the newest last."""
        counts, now = dict(self._seconds.get(name, ())), int(self._clock())
        # The running second is left out: it would look like a fall each time.
        return [counts.get(second, 0) for second in range(now - REMEMBERED, now)]
