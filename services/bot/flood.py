"""How fast one person may go: a bucket of tokens in Redis, from which each update takes.

Its clock is when updates arrived on the bus: what was sent at once counts as sent at once, however
slowly it is handled.
"""

from dataclasses import dataclass
from enum import IntEnum
from typing import NamedTuple

from aiogram.types import Update

FILE_COST = 0.2
"""Tokens; files come several at once, and a person sends them so."""

BUCKET_KEPT = 24 * 60 * 60
"""Seconds; what was sent at once may wait so long between the handling of one and the next."""

TAKE = """
if redis.call('EXISTS', KEYS[2]) == 1 then return 0 end
local kept = redis.call('HMGET', KEYS[1], 'tokens', 'at', 'warned', 'cause', 'verdict')
if kept[4] == ARGV[1] then return tonumber(kept[5]) end
local cost, burst, rate = tonumber(ARGV[2]), tonumber(ARGV[3]), tonumber(ARGV[4])
local arrived, tokens = tonumber(ARGV[5]), tonumber(kept[1]) or burst
local last = tonumber(kept[2]) or arrived
local now = math.max(last, arrived)
tokens = math.min(burst, tokens + (now - last) * rate)
local warned, verdict = tokens < burst and kept[3] == '1', 0
if tokens >= cost then
  tokens = tokens - cost
elseif warned then
  verdict = 2
else
  warned, verdict = true, 1
end
redis.call('HSET', KEYS[1], 'tokens', tostring(tokens), 'at', string.format('%.6f', now),
  'warned', warned and '1' or '0', 'cause', ARGV[1], 'verdict', verdict)
redis.call('EXPIRE', KEYS[1], ARGV[6])
return verdict
"""
"""Takes from bucket KEYS[1] for an update; one that is done (KEYS[2]) or comes again takes nothing.

A clock that goes back stands still.

Whoever finds the bucket empty is told so once, and then no more until it has been full again.
"""


class Verdict(IntEnum):
    """What is to be done with an update."""

    HANDLE = 0
    SAY_SLOW_DOWN = 1
    IGNORE = 2


class Taking(NamedTuple):
    """What an update takes: so many tokens, at the time it arrived (seconds since the epoch)."""

    cost: float
    arrived_at: float


@dataclass(frozen=True, slots=True)
class Flood:
    """The size of a bucket in tokens, and how many come back in a second."""

    burst: int = 20
    per_second: float = 1.0


def cost_of(update: Update) -> float:
    """Return how many tokens an update takes; what nobody pressed or wrote takes none."""
    if update.message:
        return FILE_COST if update.message.document or update.message.photo else 1.0
    return 1.0 if update.callback_query else 0.0


def flood_key(app: str, person_id: int) -> str:
    """Return where a person's bucket is kept."""
    return f"flood:{app}:{person_id}"
