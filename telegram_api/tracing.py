"""A span for each call of the Bot API; never its address, which contains the bot's token."""

from collections.abc import Mapping

from aiogram import Bot
from aiogram.client.session.middlewares.base import NextRequestMiddlewareType, RequestMiddlewareType
from aiogram.methods import Response, TelegramMethod
from aiogram.methods.base import TelegramType
from aiogram.types import Message, MessageId
from opentelemetry.trace import SpanKind, StatusCode, Tracer

from observability.conventions import ERROR_TYPE
from telegram_api.errors import code_of

LONG_POLL = "getUpdates"
"""A call that waits for whatever comes, again and again: each would be a trace about nothing."""
MESSAGE_IDS = "telegram.message_ids"
"""The messages that a call sent, changed or deleted: by them a message's traces are found."""


def tracing(tracer: Tracer, apps: Mapping[int, str]) -> RequestMiddlewareType:
    """Return a session middleware that makes a client span `telegram <method>` a call.

    `apps` names the app of a bot's id. Of chats and messages the ids are told, never a content.
    """

    async def trace_call(
        make_request: NextRequestMiddlewareType[TelegramType],
        bot: Bot,
        method: TelegramMethod[TelegramType],
    ) -> Response[TelegramType]:
        if method.__api_method__ == LONG_POLL:
            return await make_request(bot, method)
        with tracer.start_as_current_span(
            f"telegram {method.__api_method__}",
            kind=SpanKind.CLIENT,
            # aiohttp's messages may name the address: the code has to do.
            record_exception=False,
            set_status_on_exception=False,
        ) as span:
            if span.is_recording():
                span.set_attribute("telegram.bot_id", bot.id)
                span.set_attribute("switchboard.app", apps.get(bot.id, ""))
                span.set_attributes(_addressed(method))
            try:
                response = await make_request(bot, method)
            except Exception as error:
                span.set_attribute(ERROR_TYPE, code_of(error))
                span.set_status(StatusCode.ERROR)
                raise
            # Declared an envelope, it is what was in the envelope.
            if span.is_recording() and (message_ids := _message_ids(response)):
                span.set_attribute(MESSAGE_IDS, message_ids)
            return response

    return trace_call


def _addressed(method: TelegramMethod[TelegramType]) -> dict[str, str | int | list[int]]:
    """The method, the chat and the messages that a call names, in Telegram's own terms."""
    addressed: dict[str, str | int | list[int]] = {"telegram.method": method.__api_method__}
    if isinstance(chat_id := getattr(method, "chat_id", None), int):
        addressed["telegram.chat_id"] = chat_id
    one = getattr(method, "message_id", None)
    message_ids = getattr(method, "message_ids", None) or ([one] if isinstance(one, int) else [])
    # A copied message stays as it was: what came out of it is in the answer.
    if message_ids and getattr(method, "from_chat_id", None) is None:
        addressed[MESSAGE_IDS] = list(message_ids)
    return addressed


def _message_ids(result: object) -> list[int]:
    """The messages of an answer; an album is several."""
    messages = result if isinstance(result, list) else [result]
    return [part.message_id for part in messages if isinstance(part, Message | MessageId)]
