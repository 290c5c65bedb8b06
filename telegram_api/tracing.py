"""A span for each call of the Bot API; never its address, which contains the bot's token."""

from aiogram import Bot
from aiogram.client.session.middlewares.base import NextRequestMiddlewareType, RequestMiddlewareType
from aiogram.methods import Response, TelegramMethod
from aiogram.methods.base import TelegramType
from opentelemetry.semconv.attributes.error_attributes import ERROR_TYPE
from opentelemetry.trace import SpanKind, StatusCode, Tracer

from telegram_api.errors import code_of


def tracing(tracer: Tracer) -> RequestMiddlewareType:
    """Return a session middleware that makes a client span `telegram <method>` a call."""

    async def trace_call(
        make_request: NextRequestMiddlewareType[TelegramType],
        bot: Bot,
        method: TelegramMethod[TelegramType],
    ) -> Response[TelegramType]:
        with tracer.start_as_current_span(
            f"telegram {method.__api_method__}",
            kind=SpanKind.CLIENT,
            attributes={"telegram.method": method.__api_method__, "telegram.bot_id": bot.id},
            # aiohttp's messages may name the address: the code has to do.
            record_exception=False,
            set_status_on_exception=False,
        ) as span:
            try:
                return await make_request(bot, method)
            except Exception as error:
                span.set_attribute(ERROR_TYPE, code_of(error))
                span.set_status(StatusCode.ERROR)
                raise

    return trace_call
