"""sendMessage, sendLocation and sendChatAction."""

from aiogram.enums import ChatAction
from aiogram.methods import SendChatAction, SendLocation, SendMessage
from aiogram.types import Location, Message

from services.playground.bots import Bot
from services.playground.errors import BadRequest, NotServed
from services.playground.methods.chat_access import writable_chat
from services.playground.methods.posting import post
from services.playground.methods.texts import formatted_message_text
from services.playground.state import State

CHAT_ACTIONS = frozenset(action.value for action in ChatAction)


async def send_message(state: State, bot: Bot, method: SendMessage) -> Message:
    """Post a text."""
    text = formatted_message_text(method.text, method.parse_mode, method.entities)
    return post(state, bot, method, {"text": text.text, "entities": text.entities or None})


async def send_location(state: State, bot: Bot, method: SendLocation) -> Message:
    """Post a place that does not move."""
    if method.live_period is not None:
        raise NotServed("parameter live_period")
    if not (-90 <= method.latitude <= 90 and -180 <= method.longitude <= 180):
        raise BadRequest("wrong location specified")
    place = Location(latitude=method.latitude, longitude=method.longitude)
    if method.horizontal_accuracy is not None:
        place = place.model_copy(update={"horizontal_accuracy": method.horizontal_accuracy})
    return post(state, bot, method, {"location": place})


async def send_chat_action(state: State, bot: Bot, method: SendChatAction) -> bool:
    """Show what the bot is about to do."""
    key, _ = writable_chat(state, bot, method.chat_id)
    if method.action not in CHAT_ACTIONS:
        raise BadRequest("wrong parameter action in request")
    state.typing.show(key, method.action)
    return True
