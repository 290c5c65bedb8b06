"""deleteMessage and deleteMessages."""

from datetime import UTC, datetime, timedelta

from aiogram.methods import DeleteMessage, DeleteMessages
from aiogram.types import Message

from services.playground.bots import Bot
from services.playground.database import transaction
from services.playground.errors import BadRequest
from services.playground.methods.chat_access import writable_chat
from services.playground.state import State

DELETABLE_FOR = timedelta(hours=48)
MAX_MESSAGES = 100


async def delete_message(state: State, bot: Bot, method: DeleteMessage) -> bool:
    """Take a message of either side out of the chat, for 48 hours."""
    key, _ = writable_chat(state, bot, method.chat_id)
    message = state.history.message(key, method.message_id)
    if message is None:
        raise BadRequest("message to delete not found")
    _check_age(message)
    state.chats.delete(key, message.message_id)
    return True


async def delete_messages(state: State, bot: Bot, method: DeleteMessages) -> bool:
    """Take out all of them that are there, or none if one of them may not be deleted."""
    if len(method.message_ids) > MAX_MESSAGES:
        raise BadRequest("too many message identifiers specified")
    if any(message_id <= 0 for message_id in method.message_ids):
        raise BadRequest("invalid message identifier specified")
    key, _ = writable_chat(state, bot, method.chat_id)
    found = [state.history.message(key, number) for number in sorted(set(method.message_ids))]
    messages = [message for message in found if message is not None]
    for message in messages:
        _check_age(message)
    with transaction(state.db):
        for message in messages:
            state.chats.delete(key, message.message_id)
    return True


def _check_age(message: Message) -> None:
    if datetime.now(UTC) - message.date > DELETABLE_FOR:
        raise BadRequest("message can't be deleted")
