"""Telegram's limits kept before it has to refuse, by all copies of all services together.

What counts is what puts or changes a message: by Telegram's word messages and edits share the
limits, and answers to pressed buttons have none. Other calls obey their own refusals only.
"""

import asyncio
import random
import time

import structlog
from aiogram import Bot
from aiogram.methods import TelegramMethod
from aiogram.methods.base import TelegramType
from prometheus_client import CollectorRegistry, Counter, Histogram
from redis.asyncio import Redis
from redis.exceptions import RedisError

from contracts.notices import Urgency
from observability.exemplars import exemplar
from telegram_api.calling import present_urgency
from telegram_api.errors import Held
from telegram_api.rates import BOT, GROUP, Bucket, LocalBuckets, SharedBuckets, Turn, chat_rate

log = structlog.get_logger()

REDIS_SECONDS = 0.5
"""For a question to Redis: keeping the limits must not be what people wait for."""
CHAT_BURST = 10
ALONE_SECONDS = 5.0
"""After a failure Redis is not asked again for so long."""
SHORTEST_HOLD = 0.5

_COUNTED = ("send", "edit", "copy", "forward")
"""The beginnings of the names of methods that put or change messages."""
_NOT_COUNTED = "sendChatAction"

WAITS = (0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 60.0)


class RateLimits:
    """Turns of calls, shared through Redis.

    While Redis is away each process keeps the limits for itself: n copies then send up to n times
    as much, and each obeys only the refusals it meets itself.
    """

    def __init__(
        self, redis: Redis, registry: CollectorRegistry, chat_burst: int = CHAT_BURST
    ) -> None:
        self._chat_rate = chat_rate(chat_burst)
        self._shared = SharedBuckets(redis)
        self._local = LocalBuckets()
        self._alone_until = 0.0
        self._waiting = 0
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
    ) -> None:
        """Wait until the call may be made; returns at once for a call that does not count.

        Raises Held, without waiting, when that would be after `until` (monotonic).
        """
        if not counts(method):
            return
        began, urgency = time.monotonic(), present_urgency()
        self._waiting += 1
        turn = Turn(self._buckets(bot, method), _cost(method), urgency)
        try:
            while wait := await self._take(turn):
                if time.monotonic() + wait > until:
                    raise Held(method, f"its turn comes in {wait:.1f} s", wait)
                await asyncio.sleep(wait + self._spread(urgency))
        finally:
            self._waiting -= 1
            self._waits.labels(urgency).observe(time.monotonic() - began, exemplar())

    async def hold(
        self, bot: Bot, method: TelegramMethod[TelegramType], retry_after: float
    ) -> None:
        """Let every copy wait as Telegram told this one, `retry_after` in seconds."""
        buckets, seconds = self._buckets(bot, method), max(retry_after, SHORTEST_HOLD)
        whole_bot = len(buckets) == 1
        self._local.hold(buckets, seconds)
        if not self._is_alone:
            try:
                async with asyncio.timeout(REDIS_SECONDS):
                    whole_bot = await self._shared.hold(buckets, seconds)
            except (RedisError, OSError) as error:
                self._be_alone(error)
        scope = "bot" if whole_bot else "chat"
        self._holds.labels(scope).inc(1, exemplar())
        log.warning("telegram.held", scope=scope, bot=bot.id, seconds=seconds)

    async def _take(self, turn: Turn) -> float:
        if not self._is_alone:
            try:
                async with asyncio.timeout(REDIS_SECONDS):
                    wait = await self._shared.take(turn)
            except (RedisError, OSError) as error:
                self._be_alone(error)
            else:
                self._be_together()
                return wait
        return self._local.take(turn)

    def _buckets(self, bot: Bot, method: TelegramMethod[TelegramType]) -> list[Bucket]:
        """The bot's bucket, and the chat's where the call names one. A bot's id is no secret."""
        buckets, chat = [Bucket(f"rate:{bot.id}", BOT)], getattr(method, "chat_id", None)
        if chat is not None:
            # A person has a positive id; a group's is negative, and a public one may be named.
            rate = GROUP if str(chat).startswith(("-", "@")) else self._chat_rate
            buckets.append(Bucket(f"rate:{bot.id}:{chat}", rate))
        return buckets

    def _spread(self, urgency: Urgency) -> float:
        """Let those that can wait ask at different times: of all at once one has its turn."""
        if urgency == "answer":
            return 0.0
        return random.uniform(0, self._waiting * BOT.interval)  # noqa: S311 # no secret

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


def counts(method: TelegramMethod[TelegramType]) -> bool:
    """Tell whether Telegram counts a call against its limits."""
    name = method.__api_method__
    return name.startswith(_COUNTED) and name != _NOT_COUNTED


def _cost(method: TelegramMethod[TelegramType]) -> int:
    """How many messages a call puts: an album is as many as it has files."""
    several = getattr(method, "media", None) or getattr(method, "message_ids", None)
    return len(several) if isinstance(several, list) else 1
