"""Telegram's "retry after" is obeyed, and what failed on the way is tried again where harmless."""

import asyncio
import time
from collections.abc import Iterator

import structlog
from aiogram import Bot
from aiogram.client.session.middlewares.base import NextRequestMiddlewareType, RequestMiddlewareType
from aiogram.exceptions import TelegramRetryAfter
from aiogram.methods import Response, TelegramMethod
from aiogram.methods.base import TelegramType
from aiohttp import ClientConnectorError, ConnectionTimeoutError

from observability.masking import masked
from telegram_api.calling import patience_or
from telegram_api.errors import Held, TelegramAway, may_pass

log = structlog.get_logger()

RETRY_DELAYS = (0.5, 1.0, 2.0, 4.0)

_REPEATABLE = ("get", "set", "edit", "answer", "delete", "sendChatAction")
"""Methods, by the beginnings of their names, that may be called twice to the same effect."""


def obeying_flood_control(patience: float) -> RequestMiddlewareType:
    """Return a session middleware that waits and tries again for `patience` seconds.

    The maker of a call may have another patience. After that it raises `TelegramAway`; so it does for a call whose fate is unknown (it may have
    reached Telegram) and that would be seen twice.
    """

    async def call_with_patience(
        make_request: NextRequestMiddlewareType[TelegramType],
        bot: Bot,
        method: TelegramMethod[TelegramType],
    ) -> Response[TelegramType]:
        delays, deadline = iter(RETRY_DELAYS), time.monotonic() + patience_or(patience)
        while True:
            try:
                return await make_request(bot, method)
            except Exception as error:
                if not may_pass(error):
                    raise
                delay = _delay_after(error, method, delays)
                if delay is None or time.monotonic() + delay > deadline:
                    raise _away(error, method) from error
            log.info("telegram.call_delayed", method=method.__api_method__, seconds=delay)
            await asyncio.sleep(delay)

    return call_with_patience


def _delay_after(
    failure: Exception, method: TelegramMethod[TelegramType], delays: Iterator[float]
) -> float | None:
    """Return how long to wait before the next attempt, None when there must be none."""
    if isinstance(failure, TelegramRetryAfter):
        return float(failure.retry_after)
    repeatable = method.__api_method__.startswith(_REPEATABLE)
    return next(delays, None) if repeatable or _never_arrived(failure) else None


def _never_arrived(failure: Exception) -> bool:
    return isinstance(failure.__cause__, ClientConnectorError | ConnectionTimeoutError)


def _away(failure: Exception, method: TelegramMethod[TelegramType]) -> TelegramAway:
    # Masked here already: aiohttp's messages may name the address, and this one may be shown.
    message = masked(str(failure))
    if isinstance(failure, TelegramRetryAfter):
        return Held(method, message, float(failure.retry_after))
    return TelegramAway(method, message)
