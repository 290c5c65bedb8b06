"""How long calls of the Bot API take, by method, and with which codes they fail, by app."""

from collections.abc import Mapping

from aiogram import Bot
from aiogram.client.session.middlewares.base import NextRequestMiddlewareType, RequestMiddlewareType
from aiogram.exceptions import TelegramBadRequest, TelegramForbiddenError
from aiogram.methods import Response, TelegramMethod
from aiogram.methods.base import TelegramType
from prometheus_client import Counter

from observability.calls import Calls
from observability.exemplars import exemplar
from telegram_api.errors import code_of

TELEGRAM = "telegram"
"""The target of these calls."""
REFUSALS = (TelegramForbiddenError, TelegramBadRequest)
"""Answers: of who has blocked a bot, as many in every mailing have, or of what is not possible."""


def timing(calls: Calls, apps: Mapping[int, str]) -> RequestMiddlewareType:
    """Return a session middleware that times each call; `apps` names the app of a bot's id."""
    errors = Counter(
        "telegram_errors",
        "Failed calls of the Bot API",
        ("app", "method", "code"),
        registry=calls.registry,
    )

    async def time_call(
        make_request: NextRequestMiddlewareType[TelegramType],
        bot: Bot,
        method: TelegramMethod[TelegramType],
    ) -> Response[TelegramType]:
        name = method.__api_method__
        with calls.timed(TELEGRAM, name, REFUSALS):
            try:
                return await make_request(bot, method)
            except Exception as error:
                labels = (apps.get(bot.id, ""), name, code_of(error))
                errors.labels(*labels).inc(1, exemplar())
                raise

    return time_call
