"""What a Bot API server remembers of what was sent, to refuse whoever sends too fast."""

from collections import defaultdict, deque
from dataclasses import dataclass, field

GROUP_PER_MINUTE = 20


@dataclass(slots=True)
class Windows:
    """How much each bot and chat has sent; `per_second` 0 limits nothing."""

    per_second: int
    chat_burst: int
    _of_bots: dict[int, deque[float]] = field(default_factory=lambda: defaultdict(deque))
    _of_chats: dict[tuple[int, int], deque[float]] = field(
        default_factory=lambda: defaultdict(deque)
    )
    _full: dict[tuple[int, int], float] = field(default_factory=dict)

    def seconds_to_wait(self, bot: int, chat: int, now: float) -> float:
        """Count a message; 0 if it may be sent, else what it has to wait, and is not counted."""
        if not self.per_second:
            return 0.0
        place = (bot, chat)
        mine = self._of_bots[bot]
        wait = _free_in(mine, self.per_second, 1.0, now)
        if chat < 0:
            wait = max(wait, _free_in(self._of_chats[place], GROUP_PER_MINUTE, 60.0, now))
        full = max(self._full.get(place, now), now)
        wait = max(wait, full - now - (self.chat_burst - 1))
        if wait > 0:
            return wait
        mine.append(now)
        self._full[place] = full + 1.0
        if chat < 0:
            self._of_chats[place].append(now)
        return 0.0


def _free_in(sent: deque[float], most: int, seconds: float, now: float) -> float:
    while sent and sent[0] <= now - seconds:
        sent.popleft()
    return sent[-most] + seconds - now if len(sent) >= most else 0.0
