"""How quick calls can be: what takes longer may have come to Telegram later."""

import math
import time

KEPT = 60.0
"""Seconds."""
LEARNED_AFTER = 2.0
"""Seconds from the first call: it makes a connection, and its like says nothing of the others."""


class Quickest:
    """How long the quickest call of a bot took, of the last minute or so."""

    def __init__(self) -> None:
        self._seconds: dict[str, tuple[float, float, float]] = {}

    def of(self, bot: str, seconds: float) -> float:
        """Count a call that took so long; return what the quickest took, 0 as long as few are."""
        now = time.monotonic()
        since, before, present = self._seconds.get(bot, (now, 0.0, math.inf))
        if now - since > (KEPT / 2 if before else LEARNED_AFTER):
            since, before, present = now, present, seconds
        self._seconds[bot] = since, before, min(present, seconds)
        return min(before, present, seconds)
