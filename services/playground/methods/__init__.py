"""The Bot API methods the playground serves; every other one is refused loudly."""

from collections.abc import Awaitable, Callable
from typing import Any

from aiogram.methods import (
    AnswerCallbackQuery,
    CopyMessage,
    DeleteMessage,
    DeleteMessages,
    DeleteMyCommands,
    DeleteWebhook,
    EditMessageCaption,
    EditMessageMedia,
    EditMessageReplyMarkup,
    EditMessageText,
    ForwardMessage,
    GetFile,
    GetMe,
    GetMyCommands,
    GetUpdates,
    GetWebhookInfo,
    SendChatAction,
    SendDocument,
    SendLocation,
    SendMediaGroup,
    SendMessage,
    SendPhoto,
    SendSticker,
    SendVideo,
    SendVoice,
    SetMyCommands,
    SetWebhook,
)
from aiogram.methods.base import TelegramMethod

from services.playground.bots import Bot
from services.playground.methods import (
    albums,
    answering,
    attachments,
    copying,
    deleting,
    editing,
    profile,
    receiving,
    sending,
)
from services.playground.state import State

Handler = Callable[[State, Bot, Any], Awaitable[Any]]

SERVED: dict[type[TelegramMethod[Any]], Handler] = {
    AnswerCallbackQuery: answering.answer_callback_query,
    CopyMessage: copying.copy_message,
    DeleteMessage: deleting.delete_message,
    DeleteMessages: deleting.delete_messages,
    DeleteMyCommands: profile.delete_my_commands,
    DeleteWebhook: receiving.delete_webhook,
    EditMessageCaption: editing.edit_message_caption,
    EditMessageMedia: editing.edit_message_media,
    EditMessageReplyMarkup: editing.edit_message_reply_markup,
    EditMessageText: editing.edit_message_text,
    ForwardMessage: copying.forward_message,
    GetFile: receiving.get_file,
    GetMe: profile.get_me,
    GetMyCommands: profile.get_my_commands,
    GetUpdates: receiving.get_updates,
    GetWebhookInfo: receiving.get_webhook_info,
    SendChatAction: sending.send_chat_action,
    SendDocument: attachments.send_document,
    SendLocation: sending.send_location,
    SendMediaGroup: albums.send_media_group,
    SendMessage: sending.send_message,
    SendPhoto: attachments.send_photo,
    SendSticker: attachments.send_sticker,
    SendVideo: attachments.send_video,
    SendVoice: attachments.send_voice,
    SetMyCommands: profile.set_my_commands,
    SetWebhook: receiving.set_webhook,
}
