"""Telegram's limits kept before it has to refuse, by all copies of all services together.

What counts is what puts or changes a message: by Telegram's word messages and edits share the
limits, and answers to pressed buttons have none. Other calls obey their own refusals only.
"""

import asyncio
import time
from dataclasses import dataclass

import structlog
from aiogram import Bot
from aiogram.methods import TelegramMethod
from aiogram.methods.base import TelegramType
from prometheus_client import CollectorRegistry, Counter, Histogram
from redis.asyncio import Redis
from redis.exceptions import RedisError

from contracts.notices import Urgency
from observability.exemplars import exemplar
from telegram_api.buckets import LocalBuckets, SharedBuckets
from telegram_api.calling import present_urgency
from telegram_api.errors import Held
from telegram_api.quickest import Quickest
from telegram_api.rates import BOT, GROUP, Bucket, Turn, Wait, chat_rate

log = structlog.get_logger()

REDIS_SECONDS: dict[Urgency, float] = {"answer": 0.5, "reminder": 1.0, "bulk": 2.0}
"""For a question to Redis: keeping the limits must not be what people wait for."""
CHAT_BURST = 10
ALONE_SECONDS = 5.0
"""After a failure Redis is not asked again for so long."""
SHORTEST_HOLD = 0.5
WAIT_IN_LINE = 0.5
"""Seconds until who found too many before it stands in line again."""
NOT_LATE = 0.003
"""Seconds; a call that took so little more than the quickest is not late: the log's window, wider
than a second by a little more, makes up for that."""

_COUNTED = ("send", "edit", "copy", "forward")
"""The beginnings of the names of methods that put or change messages."""
_NOT_COUNTED = "sendChatAction"
_DELETES = ("deleteMessage", "deleteMessages")

WAITS = (0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 60.0)


class RateLimits:
    """Turns of calls, shared through Redis.

    While Redis is away each process keeps the limits for itself: n copies then send up to n times
    as much, and each obeys only the refusals it meets itself. Bulk waits until it is back: whom it
    was sent could not be noted, and many would get it twice.
    """

    def __init__(
        self, redis: Redis, registry: CollectorRegistry, chat_burst: int = CHAT_BURST
    ) -> None:
        self._chat_rate = chat_rate(chat_burst)
        self._shared = SharedBuckets(redis)
        self._local = LocalBuckets()
        self._alone_until = 0.0
        self._lines: dict[tuple[str, Urgency], asyncio.Lock] = {}
        self._quickest = Quickest()
        self._waits = Histogram(
            "telegram_limit_wait_seconds",
            "Time calls of the Bot API waited for their turn",
            ("urgency",),
            unit="seconds",
            buckets=WAITS,
            registry=registry,
        )
        self._holds = Counter(
            "telegram_holds_total",
            "Refusals by which Telegram made a chat or a bot wait",
            ("scope",),
            registry=registry,
        )

    async def wait_for_turn(
        self, bot: Bot, method: TelegramMethod[TelegramType], until: float
    ) -> "Begun | None":
        """Wait until the call may be made; returns at once, with nothing, if it does not count.

        Raises Held, without waiting, when that would be after `until` (monotonic).
        """
        urgency = present_urgency()
        if not counts(method, urgency):
            return None
        began = time.monotonic()
        turn = Turn(
            self._buckets(bot, method), _cost(method), urgency, reserve_within=until - began
        )
        try:
            while (wait := await self._in_line(turn, method, until)).seconds:
                await _sleep(wait, method, until)
        finally:
            self._waits.labels(urgency).observe(time.monotonic() - began, exemplar())
        return Begun(turn, wait.asked_at)

    async def _in_line(
        self, turn: Turn, method: TelegramMethod[TelegramType], until: float
    ) -> Wait:
        """Take a turn, or return what the chat has to wait.

        Of those that can wait one asks at a time: of all at once one would have its turn, and an
        answer finds its own reserved.
        """
        if turn.urgency == "answer":
            return await self._take(turn)
        line = self._lines.setdefault((turn.buckets[0].key, turn.urgency), asyncio.Lock())
        try:
            async with asyncio.timeout_at(until):
                await line.acquire()
        except TimeoutError:
            raise Held(method, "others are before it", WAIT_IN_LINE) from None
        try:
            while (wait := await self._take(turn)).seconds and not wait.of_chat:
                await _sleep(wait, method, until)
        finally:
            line.release()
        return wait

    async def ended(self, call: "Begun") -> None:
        """Note that a call has ended.

        When it came to Telegram is not known: at most as long before it was answered as the
        quickest call took altogether. Redis may have given the turn long before it said so.
        """
        seconds = time.monotonic() - call.asked_at
        ago = self._quickest.of(call.turn.buckets[0].key, seconds) + NOT_LATE
        if self._is_alone or seconds < ago:
            return
        try:
            async with asyncio.timeout(REDIS_SECONDS[call.turn.urgency]):
                await self._shared.put_off(call.turn, ago)
        except (RedisError, OSError) as error:
            self._be_alone(error)

    async def hold(
        self, bot: Bot, method: TelegramMethod[TelegramType], retry_after: float
    ) -> None:
        """Let every copy wait as Telegram told this one, `retry_after` in seconds."""
        buckets, seconds = self._buckets(bot, method), max(retry_after, SHORTEST_HOLD)
        whole_bot = len(buckets) == 1
        self._local.hold(buckets, seconds)
        if not self._is_alone:
            try:
                async with asyncio.timeout(REDIS_SECONDS["reminder"]):
                    whole_bot = await self._shared.hold(buckets, seconds)
            except (RedisError, OSError) as error:
                self._be_alone(error)
        scope = "bot" if whole_bot else "chat"
        self._holds.labels(scope).inc(1, exemplar())
        log.warning("telegram.held", scope=scope, bot=bot.id, seconds=seconds)

    async def _take(self, turn: Turn) -> Wait:
        asked_at = time.monotonic()
        return (await self._ask(turn))._replace(asked_at=asked_at)

    async def _ask(self, turn: Turn) -> Wait:
        if not self._is_alone:
            try:
                async with asyncio.timeout(REDIS_SECONDS[turn.urgency]):
                    wait = await self._shared.take(turn)
            except (RedisError, OSError) as error:
                self._be_alone(error)
            else:
                self._be_together()
                return wait
        return Wait(ALONE_SECONDS) if turn.urgency == "bulk" else self._local.take(turn)

    def _buckets(self, bot: Bot, method: TelegramMethod[TelegramType]) -> list[Bucket]:
        """The bot's bucket, and the chat's where the call names one. A bot's id is no secret."""
        buckets, chat = [Bucket(f"rate:{bot.id}", BOT)], getattr(method, "chat_id", None)
        if chat is not None:
            # A person has a positive id; a group's is negative, and a public one may be named.
            rate = GROUP if str(chat).startswith(("-", "@")) else self._chat_rate
            buckets.append(Bucket(f"rate:{bot.id}:{chat}", rate))
        return buckets

    @property
    def _is_alone(self) -> bool:
        return time.monotonic() < self._alone_until

    def _be_alone(self, error: Exception) -> None:
        if not self._alone_until:
            log.warning("limits.not_shared", error=type(error).__name__)
        self._alone_until = time.monotonic() + ALONE_SECONDS

    def _be_together(self) -> None:
        if self._alone_until:
            log.info("limits.shared_again")
        self._alone_until = 0.0


@dataclass(frozen=True, slots=True)
class Begun:
    """A call whose turn was taken; asked for at that time, in seconds of the monotonic clock."""

    turn: Turn
    asked_at: float


async def _sleep(wait: Wait, method: TelegramMethod[TelegramType], until: float) -> None:
    if time.monotonic() + wait.seconds > until:
        raise Held(method, f"its turn comes in {wait.seconds:.1f} s", wait.seconds)
    await asyncio.sleep(wait.seconds)


def counts(method: TelegramMethod[TelegramType], urgency: Urgency = "answer") -> bool:
    """Tell whether a call is counted against Telegram's limits.

    Nothing is known of a limit of deleting: what many were told is taken back no faster.
    """
    name = method.__api_method__
    if name in _DELETES:
        return urgency == "bulk"
    return name.startswith(_COUNTED) and name != _NOT_COUNTED


def _cost(method: TelegramMethod[TelegramType]) -> int:
    """How many messages a call puts: an album is as many as it has files."""
    several = getattr(method, "media", None) or getattr(method, "message_ids", None)
    return len(several) if isinstance(several, list) else 1
