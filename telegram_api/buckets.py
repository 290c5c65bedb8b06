"""Turns, taken from buckets that all copies share, or from a process's own.

A bucket is one number, the time at which it is full again (the generic cell rate algorithm); a hold
puts that time off. Beside it stands what a bot has sent in the last second, one by one: a bucket
spaces what is sent evenly, the log is what keeps any second within the limit. So every copy of
every service sees limits and holds in the same three keys.

An answer that is refused its turn has the next one reserved in the log: whatever is less urgent
counts that as sent.
"""

import math
import time
from collections.abc import Sequence
from dataclasses import dataclass, field

from redis.asyncio import Redis

from telegram_api.rates import (
    ALONE,
    BOT,
    PER_SECOND,
    TAKEN,
    WINDOW,
    Bucket,
    Rate,
    Turn,
    Wait,
)

KEPT_LOCALLY = 10_000
"""Buckets, before those that are full are dropped."""
ALL_AT_ONCE = 3
"""So many chats refused within `SAME_TIME` are one refusal of the bot: Telegram does not say it."""
SAME_TIME = 1.0

_TAKE = """
local time = redis.call('TIME')
local now, log = time[1] + time[2] / 1000000, KEYS[1]
local cost, name, within = tonumber(ARGV[1]), ARGV[2], tonumber(ARGV[3])
local most, window = tonumber(ARGV[4]), tonumber(ARGV[5])
local wait, place, full = 0, 1, {}
for i = 2, #KEYS do
  local interval, room = tonumber(ARGV[2 * i + 2]), tonumber(ARGV[2 * i + 3])
  full[i] = math.max(tonumber(redis.call('GET', KEYS[i]) or '0'), now)
  local rest = full[i] - now - (room - math.min(cost, room)) * interval
  if rest > wait then wait, place = rest, i - 1 end
  full[i] = full[i] + cost * interval
end
local since = string.format('(%.6f', now - window)
local reserved = redis.call('ZSCORE', log, name .. 1)
local before = redis.call('ZCOUNT', log, since, reserved or '+inf')
if reserved and tonumber(reserved) > now - window then before = before - cost end
local over = before + cost - most
if over > 0 then
  local found = {'ZRANGEBYSCORE', log, since, '+inf', 'WITHSCORES', 'LIMIT', over - 1, 1}
  local oldest = redis.call(unpack(found))
  local rest = oldest[2] + window - now
  if rest > wait then wait, place = rest, 1 end
end
local function note(at)
  for i = 1, cost do redis.call('ZADD', log, string.format('%.6f', at), name .. i) end
  redis.call('PEXPIRE', log, math.ceil((at - now + window) * 1000) + 1000)
end
if wait > 0.0005 then
  if wait <= within then note(now + wait) end
  return {string.format('%.6f', wait), place}
end
redis.call('ZREMRANGEBYSCORE', log, '-inf', now - window)
note(now)
for i = 2, #KEYS do
  local life = math.ceil((full[i] - now) * 1000)
  redis.call('SET', KEYS[i], string.format('%.6f', full[i]), 'PX', life)
end
return {'0', 1}
"""
"""Takes a turn in the log and all buckets or in none; returns how many seconds to wait, 0 if it is
taken, and which bucket asks for it."""

_PUT_OFF = """
local time = redis.call('TIME')
local at = string.format('%.6f', time[1] + time[2] / 1000000 - tonumber(ARGV[3]))
for i = 1, tonumber(ARGV[2]) do redis.call('ZADD', KEYS[1], 'GT', at, ARGV[1] .. i) end
if redis.call('PTTL', KEYS[1]) < tonumber(ARGV[4]) then redis.call('PEXPIRE', KEYS[1], ARGV[4]) end
"""
"""Notes that what a turn was taken for may have come to Telegram later than noted."""

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
        self._put_off = redis.register_script(_PUT_OFF)
        self._hold = redis.register_script(_HOLD)

    async def take(self, turn: Turn) -> Wait:
        """Take a turn, or return what to wait until it is to be asked for again."""
        rates = [(b.rate.interval, b.rate.rooms[turn.urgency]) for b in turn.buckets]
        within = turn.reserve_within if turn.urgency == "answer" else 0.0
        arguments: list[float | str] = [_cost(turn), turn.name, within, PER_SECOND, WINDOW]
        keys = [_log_of(turn), *(bucket.key for bucket in turn.buckets)]
        seconds, place = await self._take(
            keys=keys, args=[*arguments, *(number for pair in rates for number in pair)]
        )
        return Wait(float(seconds), of_chat=int(place) > 1)

    async def put_off(self, turn: Turn, ago: float) -> None:
        """Note that what a turn was taken for came to Telegram as late as so many seconds ago."""
        life = math.ceil((WINDOW + max(-ago, 0.0)) * 1000) + 1000
        await self._put_off(keys=[_log_of(turn)], args=[turn.name, _cost(turn), ago, life])

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

    def take(self, turn: Turn) -> Wait:
        """Take a turn, or return what to wait until it is to be asked for again."""
        now, wait = time.monotonic(), TAKEN
        for bucket in turn.buckets:
            rate = _alone(bucket)
            room = rate.rooms[turn.urgency]
            ahead = max(self._full.get(bucket.key, now) - now, 0.0)
            rest = ahead - (room - min(turn.cost, room)) * rate.interval
            wait = max(wait, Wait(rest, of_chat=bucket is not turn.buckets[0]))
        if wait.seconds > 0:
            return wait
        self._forget_full_ones(now)
        for bucket in turn.buckets:
            full = max(self._full.get(bucket.key, now), now)
            self._full[bucket.key] = full + turn.cost * _alone(bucket).interval
        return TAKEN

    def hold(self, buckets: Sequence[Bucket], seconds: float) -> None:
        """Give no turn for so long in the last bucket."""
        held, now = buckets[-1], time.monotonic()
        full = now + seconds + _rest(_alone(held))
        self._full[held.key] = max(self._full.get(held.key, 0.0), full)

    def _forget_full_ones(self, now: float) -> None:
        if len(self._full) > KEPT_LOCALLY:
            self._full = {key: full for key, full in self._full.items() if full > now}


def _alone(bucket: Bucket) -> Rate:
    return ALONE if bucket.rate is BOT else bucket.rate


def _log_of(turn: Turn) -> str:
    return f"{turn.buckets[0].key}:log"


def _cost(turn: Turn) -> int:
    return min(turn.cost, PER_SECOND)


def _rest(rate: Rate) -> float:
    """How long after a hold a bucket is full: the first turn is there at once, for an answer."""
    return (rate.burst - 1) * rate.interval
