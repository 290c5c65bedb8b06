"""getUpdates: the long poll that one client at a time may hold."""

import time
from collections import defaultdict, deque
from dataclasses import dataclass
from typing import Any

from services.playground.errors import Conflict
from services.playground.updates import Updates

MAX_HOLD = 50.0
REMEMBERED = 100
TERMINATED_BY_POLL = (
    "terminated by other getUpdates request; make sure that only one bot instance is running"
)
TERMINATED_BY_WEBHOOK = "terminated by setWebhook request"


@dataclass
class HeldPoll:
    """A request that waits for updates; `conflict` says why it has to go."""

    conflict: str | None = None


class Polling:
    """The held poll of each bot; a second one ends the first."""

    def __init__(self, updates: Updates) -> None:
        self._updates = updates
        self._held: dict[int, HeldPoll] = {}
        self._handed_out: defaultdict[int, deque[dict[str, Any]]] = defaultdict(
            lambda: deque(maxlen=REMEMBERED)
        )

    async def next_updates(self, bot_id: int, limit: int, timeout: float) -> list[dict[str, Any]]:
        """Wait at most `timeout` seconds for the first update."""
        deadline = time.monotonic() + min(timeout, MAX_HOLD)
        arrived = self._updates.arrived[bot_id]
        poll: HeldPoll | None = None
        try:
            while True:
                found = self._updates.pending(bot_id, limit)
                left = deadline - time.monotonic()
                if found or left <= 0 or arrived.closed:
                    return [update.content for update in found]
                if poll is None:
                    poll = self._hold(bot_id)
                await arrived.wait(left)
                if poll.conflict:
                    raise Conflict(poll.conflict)
        finally:
            if poll is not None and self._held.get(bot_id) is poll:
                del self._held[bot_id]

    def handed_out(self, bot_id: int, updates: list[dict[str, Any]]) -> list[dict[str, Any]]:
        """Remember what a poll is answered with; returns what earlier ones were, oldest first."""
        before = list(self._handed_out[bot_id])
        known = {update["update_id"] for update in before}
        self._handed_out[bot_id] += [each for each in updates if each["update_id"] not in known]
        return before

    def _hold(self, bot_id: int) -> HeldPoll:
        self.terminate(bot_id, TERMINATED_BY_POLL)
        poll = self._held[bot_id] = HeldPoll()
        return poll

    def is_held(self, bot_id: int) -> bool:
        """Whether a client waits for updates right now."""
        return bot_id in self._held

    def terminate(self, bot_id: int, reason: str) -> None:
        """End the poll a bot holds, if any, with 409."""
        poll = self._held.pop(bot_id, None)
        if poll is not None:
            poll.conflict = reason
            self._updates.arrived[bot_id].fire()
