"""Telegram's "retry after" is obeyed, and what failed on the way is tried again where harmless."""

import asyncio
import time
from collections.abc import Iterator
from dataclasses import dataclass

import structlog
from aiogram import Bot
from aiogram.client.session.middlewares.base import NextRequestMiddlewareType
from aiogram.exceptions import TelegramRetryAfter
from aiogram.methods import Response, TelegramMethod
from aiogram.methods.base import TelegramType
from aiohttp import ClientConnectorError, ConnectionTimeoutError

from observability.masking import masked
from telegram_api.calling import patience_or
from telegram_api.errors import Held, TelegramAway, may_pass
from telegram_api.limits import RateLimits

log = structlog.get_logger()

RETRY_DELAYS = (0.5, 1.0, 2.0, 4.0)
"""Seconds between the attempts at a call that failed on the way: five attempts in 8 s at most."""

_REPEATABLE = ("get", "set", "edit", "answer", "delete", "sendChatAction")
"""Methods, by the beginnings of their names, that may be called twice to the same effect."""


@dataclass(slots=True)
class FloodControl:
    """A session middleware that waits for a call's turn, and tries again, for `patience` seconds.

    The maker of a call may have another patience. After it `Held` is raised where Telegram answers,
    else `TelegramAway`; so it is for a call whose fate is unknown (it may have reached Telegram)
    and that would be seen twice.
    """

    patience: float
    limits: RateLimits | None = None

    async def __call__(
        self,
        make_request: NextRequestMiddlewareType[TelegramType],
        bot: Bot,
        method: TelegramMethod[TelegramType],
    ) -> Response[TelegramType]:
        """Make a call as often as it takes."""
        delays, deadline = iter(RETRY_DELAYS), time.monotonic() + patience_or(self.patience)
        while True:
            begun = await self.limits.wait_for_turn(bot, method, deadline) if self.limits else None
            try:
                return await make_request(bot, method)
            except Exception as error:
                if not may_pass(error):
                    raise
                if self.limits and isinstance(error, TelegramRetryAfter) and begun:
                    await self.limits.hold(bot, method, error.retry_after)
                delay = _delay_after(error, method, delays)
                if delay is None or time.monotonic() + delay > deadline:
                    raise _away(error, method) from error
            finally:
                if self.limits and begun:
                    await self.limits.ended(begun)
            log.info("telegram.call_delayed", method=method.__api_method__, seconds=delay)
            await asyncio.sleep(delay)


def _delay_after(
    failure: Exception, method: TelegramMethod[TelegramType], delays: Iterator[float]
) -> float | None:
    """Return how long to wait before the next attempt, None when there must be none."""
    if isinstance(failure, TelegramRetryAfter):
        # The least keeps a Telegram that says 0 from being asked in a hot loop.
        return max(float(failure.retry_after), RETRY_DELAYS[0])
    return next(delays, None) if _may_repeat(failure, method) else None


def _may_repeat(failure: Exception, method: TelegramMethod[TelegramType]) -> bool:
    never_arrived = isinstance(failure.__cause__, ClientConnectorError | ConnectionTimeoutError)
    return never_arrived or method.__api_method__.startswith(_REPEATABLE)


def _away(failure: Exception, method: TelegramMethod[TelegramType]) -> TelegramAway:
    # Masked here already: aiohttp's messages may name the address, and this one may be shown.
    message = masked(str(failure))
    if isinstance(failure, TelegramRetryAfter):
        return Held(method, message, float(failure.retry_after))
    away = TelegramAway(method, message)
    away.fate_unknown = not _may_repeat(failure, method)
    return away
