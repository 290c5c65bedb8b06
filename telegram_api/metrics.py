"""How long calls of the Bot API take and how they end, by app and method."""

import time
from collections.abc import Mapping

from aiogram import Bot
from aiogram.client.session.middlewares.base import NextRequestMiddlewareType, RequestMiddlewareType
from aiogram.methods import Response, TelegramMethod
from aiogram.methods.base import TelegramType
from prometheus_client import CollectorRegistry, Histogram

from telegram_api.errors import code_of

BUCKETS = (0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 60.0)
"""Seconds; up to a long poll and the longest timeout of a call."""


def timing(registry: CollectorRegistry, apps: Mapping[int, str]) -> RequestMiddlewareType:
    """Return a session middleware that times each call; `apps` names the app of a bot's id."""
    durations = Histogram(
        "telegram_call_duration_seconds",
        "Duration of calls of the Bot API",
        ("app", "method", "code"),
        buckets=BUCKETS,
        registry=registry,
    )

    async def time_call(
        make_request: NextRequestMiddlewareType[TelegramType],
        bot: Bot,
        method: TelegramMethod[TelegramType],
    ) -> Response[TelegramType]:
        started = time.perf_counter()
        code = "cancelled"
        try:
            response = await make_request(bot, method)
            code = "200"
        except Exception as error:
            code = code_of(error)
            raise
        finally:
            labels = (apps.get(bot.id, ""), method.__api_method__, code)
            durations.labels(*labels).observe(time.perf_counter() - started)
        return response

    return time_call
