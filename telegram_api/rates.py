"""How often Telegram lets a bot write, and the turns that follow from it.

A bucket is one number, the time at which it is full again (the generic cell rate algorithm); a hold
puts that time off. So every copy of every service sees limits and holds in the same two keys.
"""

import time
from collections.abc import Sequence
from dataclasses import dataclass, field

from redis.asyncio import Redis

from contracts.notices import Urgency

KEPT_LOCALLY = 10_000
"""Buckets, before those that are full are dropped."""
ALL_AT_ONCE = 3
"""So many chats refused within `SAME_TIME` are one refusal of the bot: Telegram does not say it."""
SAME_TIME = 1.0


@dataclass(frozen=True, slots=True)
class Rate:
    """One call each `interval` seconds, and after a silence `burst` at once.

    `rooms` is how much of the burst an urgency may use; what it leaves is there for those above it.
    """

    interval: float
    burst: int
    rooms: dict[Urgency, int]


# "Not more than 30 messages per second": with this burst never more in any second.
BOT = Rate(1 / 24, 6, {"answer": 6, "reminder": 4, "bulk": 2})
# "Not more than 20 messages per minute": with this burst never more in any minute.
GROUP = Rate(4.0, 5, {"answer": 5, "reminder": 3, "bulk": 1})


def chat_rate(burst: int) -> Rate:
    """Return the rate of a private chat.

    "Avoid sending more than one message per second. We may allow short bursts that go over this
    limit." Telegram gives no number for the burst: a person who turns pages needs one for answers.
    """
    return Rate(1.0, burst, {"answer": burst, "reminder": min(3, burst), "bulk": 1})


@dataclass(frozen=True, slots=True)
class Bucket:
    """One bucket of a call: the bot's, or the chat's."""

    key: str
    rate: Rate


@dataclass(frozen=True, slots=True)
class Turn:
    """What a call takes from each of its buckets; a `cost` above its room takes all of that."""

    buckets: Sequence[Bucket]
    cost: int
    urgency: Urgency


_TAKE = """
local time = redis.call('TIME')
local now, cost, wait, full = time[1] + time[2] / 1000000, tonumber(ARGV[1]), 0, {}
for i, key in ipairs(KEYS) do
  local interval, room = tonumber(ARGV[2 * i]), tonumber(ARGV[2 * i + 1])
  full[i] = math.max(tonumber(redis.call('GET', key) or '0'), now)
  wait = math.max(wait, full[i] - now - (room - math.min(cost, room)) * interval)
  full[i] = full[i] + cost * interval
end
if wait > 0.0005 then return string.format('%.6f', wait) end
for i, key in ipairs(KEYS) do
  local life = math.ceil((full[i] - now) * 1000)
  redis.call('SET', key, string.format('%.6f', full[i]), 'PX', life)
end
return '0'
"""
"""Takes a turn in all buckets or in none; returns how many seconds to wait, 0 if it is taken."""

_HOLD = """
local time = redis.call('TIME')
local now, seconds = time[1] + time[2] / 1000000, tonumber(ARGV[1])
local function hold(key, rest)
  local full = math.max(tonumber(redis.call('GET', key) or '0'), now + seconds + tonumber(rest))
  redis.call('SET', key, string.format('%.6f', full), 'PX', math.ceil((full - now) * 1000))
end
if #KEYS == 2 then
  hold(KEYS[1], ARGV[2])
  return 0
end
hold(KEYS[2], ARGV[3])
local chats = redis.call('GET', KEYS[3]) or ''
if not string.find(chats, KEYS[2] .. ' ', 1, true) then chats = chats .. KEYS[2] .. ' ' end
redis.call('SET', KEYS[3], chats, 'PX', ARGV[5])
if select(2, string.gsub(chats, ' ', '')) < tonumber(ARGV[4]) then return 0 end
hold(KEYS[1], ARGV[2])
return 1
"""
"""Holds the chat, and the bot as soon as enough of its chats are refused at the same time."""


class SharedBuckets:
    """Buckets in Redis, by its clock. Raises RedisError as Redis does."""

    def __init__(self, redis: Redis) -> None:
        self._take = redis.register_script(_TAKE)
        self._hold = redis.register_script(_HOLD)

    async def take(self, turn: Turn) -> float:
        """Take a turn; return 0, or the seconds after which to ask again."""
        rates = [(b.rate.interval, b.rate.rooms[turn.urgency]) for b in turn.buckets]
        arguments = [turn.cost, *(number for pair in rates for number in pair)]
        return float(await self._take(keys=[b.key for b in turn.buckets], args=arguments))

    async def hold(self, buckets: Sequence[Bucket], seconds: float) -> bool:
        """Give no turn for so long in the last bucket; return whether that is the whole bot now."""
        rests = [_rest(bucket.rate) for bucket in buckets]
        keys = [*(bucket.key for bucket in buckets), f"{buckets[0].key}:refused"]
        arguments = [seconds, rests[0], rests[-1], ALL_AT_ONCE, int(SAME_TIME * 1000)]
        held = await self._hold(keys=keys, args=arguments)
        return bool(int(held)) or len(buckets) == 1


@dataclass(slots=True)
class LocalBuckets:
    """The same in this process alone, for the time that Redis is away."""

    _full: dict[str, float] = field(default_factory=dict)

    def take(self, turn: Turn) -> float:
        """Take a turn; return 0, or the seconds after which to ask again."""
        now, wait = time.monotonic(), 0.0
        for bucket in turn.buckets:
            room = bucket.rate.rooms[turn.urgency]
            ahead = max(self._full.get(bucket.key, now) - now, 0.0)
            wait = max(wait, ahead - (room - min(turn.cost, room)) * bucket.rate.interval)
        if wait > 0:
            return wait
        self._forget_full_ones(now)
        for bucket in turn.buckets:
            full = max(self._full.get(bucket.key, now), now)
            self._full[bucket.key] = full + turn.cost * bucket.rate.interval
        return 0.0

    def hold(self, buckets: Sequence[Bucket], seconds: float) -> None:
        """Give no turn for so long in the last bucket."""
        held, now = buckets[-1], time.monotonic()
        full = now + seconds + _rest(held.rate)
        self._full[held.key] = max(self._full.get(held.key, 0.0), full)

    def _forget_full_ones(self, now: float) -> None:
        if len(self._full) > KEPT_LOCALLY:
            self._full = {key: full for key, full in self._full.items() if full > now}


def _rest(rate: Rate) -> float:
    """How long after a hold a bucket is full: the first turn is there at once, for an answer."""
    return (rate.burst - 1) * rate.interval
