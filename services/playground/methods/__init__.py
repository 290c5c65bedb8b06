"""The Bot API methods the playground serves; every other one is refused loudly."""

from collections.abc import Awaitable, Callable
from typing import Any

from aiogram.methods import (
    AnswerCallbackQuery,
    DeleteMessage,
    DeleteMyCommands,
    DeleteWebhook,
    EditMessageCaption,
    EditMessageReplyMarkup,
    EditMessageText,
    GetFile,
    GetMe,
    GetMyCommands,
    GetUpdates,
    GetWebhookInfo,
    SendChatAction,
    SendDocument,
    SendMessage,
    SendPhoto,
    SetMyCommands,
    SetWebhook,
)
from aiogram.methods.base import TelegramMethod

from services.playground.bots import Bot
from services.playground.methods import answering, editing, profile, receiving, sending
from services.playground.state import State

Handler = Callable[[State, Bot, Any], Awaitable[Any]]

SERVED: dict[type[TelegramMethod[Any]], Handler] = {
    AnswerCallbackQuery: answering.answer_callback_query,
    DeleteMessage: editing.delete_message,
    DeleteMyCommands: profile.delete_my_commands,
    DeleteWebhook: receiving.delete_webhook,
    EditMessageCaption: editing.edit_message_caption,
    EditMessageReplyMarkup: editing.edit_message_reply_markup,
    EditMessageText: editing.edit_message_text,
    GetFile: receiving.get_file,
    GetMe: profile.get_me,
    GetMyCommands: profile.get_my_commands,
    GetUpdates: receiving.get_updates,
    GetWebhookInfo: receiving.get_webhook_info,
    SendChatAction: sending.send_chat_action,
    SendDocument: sending.send_document,
    SendMessage: sending.send_message,
    SendPhoto: sending.send_photo,
    SetMyCommands: profile.set_my_commands,
    SetWebhook: receiving.set_webhook,
}
