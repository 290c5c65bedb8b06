"""Which chats a bot may write to, and which messages it may touch."""

from aiogram.types import ChatIdUnion, Message, User

from services.playground.bots import Bot
from services.playground.chats import ChatKey
from services.playground.errors import BadRequest, Forbidden, NotServed
from services.playground.state import State


def writable_chat(state: State, bot: Bot, chat_id: ChatIdUnion | None) -> tuple[ChatKey, User]:
    """The private chat with a person who has turned to the bot and has not blocked it."""
    if chat_id is None:
        raise BadRequest("chat_id is empty")
    person = state.people.get(chat_id) if isinstance(chat_id, int) else None
    if person is None:
        raise BadRequest("chat not found")
    key = ChatKey(bot.id, person.id)
    chat = state.chats.state(key)
    if chat is None:
        raise BadRequest("chat not found")
    if chat.blocked:
        raise Forbidden("bot was blocked by the user")
    return key, person


def editable_message(
    state: State,
    bot: Bot,
    chat_id: ChatIdUnion | None,
    message_id: int | None,
    inline_message_id: str | None,
) -> tuple[ChatKey, Message]:
    """A message that the bot itself sent."""
    if inline_message_id:
        raise NotServed("editing of inline messages")
    if message_id is None:
        raise BadRequest("message identifier is not specified")
    key, _ = writable_chat(state, bot, chat_id)
    message = state.history.message(key, message_id)
    if message is None:
        raise BadRequest("message to edit not found")
    if message.from_user is None or message.from_user.id != bot.id:
        raise BadRequest("message can't be edited")
    return key, message
